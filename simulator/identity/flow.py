"""What the identity host remembers of a browser between two pages."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
import secrets
from typing import Any, Final
from uuid import uuid4

from .. import refusal
from .account import IdentityAccount
from .pages import error_page
from .region import Region
from .settings import IdentitySettings

_LIFETIME: Final = timedelta(minutes=30)


@dataclass(slots=True, kw_only=True)
class Flow:
    """One sign-in, known to the browser by its relay state."""

    relay_state: str
    region: Region
    callback: str
    state: str
    email: str | None = None
    account: IdentityAccount | None = None
    accepted: bool = False
    """Whether the password was right."""
    seals: dict[str, str] = field(default_factory=dict)
    """The hmac of each step that may be taken next."""

    def seal(self, step: str) -> str:
        """Sign a step anew; the signature before is worth nothing now."""
        self.seals[step] = secrets.token_hex(32)
        return self.seals[step]

    def allows(self, step: str, hmac: str | None) -> bool:
        """Return whether this signature is the step's present one."""
        return hmac is not None and self.seals.get(step) == hmac


@dataclass(slots=True, kw_only=True)
class Session:
    """One browser."""

    since: datetime
    csrf: set[str] = field(default_factory=set)
    flows: dict[str, Flow] = field(default_factory=dict)
    last: Flow | None = None

    def is_over(self, now: datetime) -> bool:
        """Return whether the host has forgotten the browser."""
        return now - self.since > _LIFETIME


class Refused(refusal.Refused):
    """Something about a call is not as the pages would have made it."""

    def __init__(self) -> None:
        """Answer with the page that says nothing."""
        super().__init__(error_page())


def variant(flow: Flow, settings: IdentitySettings) -> str:
    """Return which password page this sign-in is shown: its account's, else the service's."""
    own = None if flow.account is None else flow.account.password_page
    wanted = own or settings.password_page
    return wanted or ("A" if flow.region.key == "us" else "B")


def new_csrf(session: Session, *, script: bool) -> str:
    """Make a token; those of earlier pages of the session stay good."""
    token = secrets.token_urlsafe(72) if script else str(uuid4())
    session.csrf.add(token)
    return token


def login_model(
    flow: Flow, template: str, hmac: str, error: str | None
) -> dict[str, Any]:
    """Return the model of a page about signing in."""
    return {
        "template": template,
        "hmac": hmac,
        "useClientRendering": True,
        "titleKey": "title.login.password",
        "title": None,
        "emailPasswordForm": {
            "@class": "com.volkswagen.idk.signin.EmailPasswordForm",
            "email": flow.email or None,
            "password": None,
        },
        "error": error,
        "relayState": flow.relay_state,
        "nextButtonDisabled": False,
        "enableNextButtonAfterSeconds": 0,
        "postAction": "login/authenticate"
        if template != "loginIdentifier"
        else "login/identifier",
        "identifierUrl": "login/identifier",
    }
