"""Owners who answer what a sign-in asks: a code by e-mail, a page, a question."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from carport.cloud.login import LoginAborted, Visit
from carport.cloud.sign_in import SignInOutcome
from simulator.settings import ControlError
from tests.login_dialog import ScriptedDialog
from tests.makers.account import ServiceAccount

type Owner = Callable[[], ScriptedDialog]

_TALK: Final[Mapping[str, Mapping[str, str]]] = {
    "my_renault": {},
    "eu_data_act": {},
    "we_connect": {"way": "device"},
}
"""Services that ask on after the form, and what is typed besides."""


def owner_of(account: ServiceAccount[Any]) -> Owner | None:
    """Return who signs in by talking; None where nothing is asked."""
    control, name = account.world.control, account.kind.info.key
    if name not in _TALK:
        return None
    if name == "my_renault":
        control.account(account.spec.username, code="always")

    def code(_sent_to: str, error: SignInOutcome | None) -> str:
        mails = control.mail(account.spec.username)
        if error is not None or not mails:
            raise LoginAborted
        return mails[0].code

    def approve(visit: Visit) -> None:
        # A code that was spoilt on its way is nobody's.
        with suppress(ControlError):
            control.account(account.spec.username, approved=visit.user_code)

    return lambda: ScriptedDialog(
        credentials={**account.credentials, **_TALK[name]},
        clock=account.world.clock,
        on_code=code,
        on_visit=approve,
        on_confirm=lambda _question: True,
    )
