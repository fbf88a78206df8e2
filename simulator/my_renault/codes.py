"""The run in which an owner gives the code that was sent by e-mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
import re
from typing import Final

from aiohttp import web

from ..cloud import Site
from ..mailbox import Mail
from ..signing import Signer
from . import answers
from .account import AccountState
from .gigya import GMID, ONE_MORE_SIGN_IN, UCID, Answering, Ask, GigyaError
from .register import MyRenaultRegister

SERVICE: Final = "my_renault"

_SIGNER: Final = Signer(b"carport simulator, devices", {"alg": "HS256"})
_CODE: Final = re.compile(r"\d{6}", re.ASCII)
_SHOWN: Final = 2
_EXPIRED: Final = 403005
"""What a run that took too long is refused with; nobody recorded the real code."""


@dataclass(slots=True, kw_only=True)
class Run:
    """One way from a refused sign-in to a device that is known."""

    account: AccountState
    ends: datetime
    device: str | None = None
    assertion: str | None = None
    phv_token: str | None = None
    code: str | None = None
    code_ends: datetime | None = None
    wrong: int = 0
    provider_assertion: str | None = None


class Codes:
    """The calls between a sign-in that wants a code and one that does not."""

    def __init__(self, site: Site, register: MyRenaultRegister) -> None:
        """Serve a register."""
        self._site = site
        self._register = register
        self._runs: dict[str, Run] = {}
        self._numbers = 0

    def forget(self) -> None:
        """End all runs."""
        self._runs.clear()

    def begin(self, account: AccountState, now: datetime) -> str:
        """Open a run; return its token."""
        token = self._token("REG")
        life = timedelta(seconds=self._register.settings.reg_token_life)
        self._runs[token] = Run(account=account, ends=now + life)
        return token

    def calls(self) -> Mapping[str, Answering]:
        """Return the calls by their names."""
        return {
            "webSdkBootstrap": self._bootstrap,
            "tfa.initTFA": self._init,
            "tfa.email.getEmails": self._addresses,
            "tfa.email.sendVerificationCode": self._send,
            "tfa.email.completeVerification": self._verify,
            "tfa.finalizeTFA": self._finalize,
        }

    async def _bootstrap(self, ask: Ask) -> web.Response:
        answer = answers.gigya(ask.now)
        for name in (GMID, UCID):
            device = _SIGNER.seal(f"{name} {self._token('device')}")
            answer.set_cookie(name, f"{device}.{_SIGNER.seal(device)}", path="/")
        return answer

    async def _init(self, ask: Ask) -> web.Response:
        run = self._runs.get(ask.need("regToken"))
        if run is None:
            raise GigyaError(400006)
        if run.ends <= ask.now:
            raise GigyaError(_EXPIRED)
        if ask.need("provider") != "gigyaEmail" or ask.need("mode") != "verify":
            raise GigyaError(400006)
        device = _device(ask)
        if device != f"{ask.need(GMID)} {ask.need(UCID)}":
            raise GigyaError(400006)
        ask.request["account"] = run.account.username
        run.device, run.assertion = device, self._token("assertion")
        return answers.gigya(ask.now, gigyaAssertion=run.assertion)

    async def _addresses(self, ask: Ask) -> web.Response:
        run = self._run(ask)
        return answers.gigya(
            ask.now,
            emails=[
                {"id": number, "obfuscated": obfuscated(address)}
                for number, address in run.account.addresses.items()
            ],
        )

    async def _send(self, ask: Ask) -> web.Response:
        run = self._run(ask)
        address = run.account.addresses.get(ask.need("emailID"))
        if address is None:
            raise GigyaError(400006)
        run.code = f"{self._site.rng.randrange(10**6):06}"
        run.code_ends = ask.now + timedelta(seconds=self._register.settings.code_life)
        run.phv_token, run.wrong = self._token("phv"), 0
        self._site.mail.send(
            Mail(
                at=ask.now,
                to=address,
                service=SERVICE,
                code=run.code,
                language=ask.fields.get("lang"),
            )
        )
        return answers.gigya(ask.now, phvToken=run.phv_token)

    async def _verify(self, ask: Ask) -> web.Response:
        run = self._run(ask)
        if run.phv_token is None or ask.need("phvToken") != run.phv_token:
            raise GigyaError(_EXPIRED)
        code = ask.need("code")
        good = run.code_ends is not None and ask.now < run.code_ends
        if not good or not _CODE.fullmatch(code) or code != run.code:
            run.wrong += 1
            if run.wrong > self._register.settings.wrong_codes:
                run.phv_token = None
                raise GigyaError(403048)
            raise GigyaError(400006)
        run.provider_assertion = self._token("provider")
        return answers.gigya(ask.now, providerAssertion=run.provider_assertion)

    async def _finalize(self, ask: Ask) -> web.Response:
        run, token = self._run(ask), ask.need("regToken")
        same = self._runs.get(token) is run and run.provider_assertion is not None
        if not same or ask.need("providerAssertion") != run.provider_assertion:
            raise GigyaError(400006)
        device, account = run.device or "", run.account
        life = timedelta(seconds=ONE_MORE_SIGN_IN)
        account.passes[device] = ask.now + life
        if ask.fields.get("tempDevice") == "false":
            remembers = timedelta(seconds=self._register.settings.remembers)
            account.remembered[device] = ask.now + remembers
        del self._runs[token]
        return answers.gigya(ask.now)

    def _run(self, ask: Ask) -> Run:
        """Return the run that an assertion and its device belong to."""
        assertion, device = ask.need("gigyaAssertion"), _device(ask)
        for run in self._runs.values():
            if run.assertion == assertion:
                if run.device != device:
                    raise GigyaError(400006)
                if run.ends <= ask.now:
                    raise GigyaError(_EXPIRED)
                ask.request["account"] = run.account.username
                return run
        raise GigyaError(400006)

    def _token(self, kind: str) -> str:
        self._numbers += 1
        number = f"{kind} {self._numbers} {self._site.rng.random()}"
        return f"st2.s.{_SIGNER.seal(number)}.sc3"


def _device(ask: Ask) -> str:
    """Return the device, which has to have its ids from here."""
    if ask.device is None:
        raise GigyaError(400002)
    for cookie in ask.device.split(" "):
        device, _, seal = cookie.partition(".")
        if seal != _SIGNER.seal(device):
            raise GigyaError(400006)
    return ask.device


def obfuscated(address: str) -> str:
    """Return an address as it is shown: ro***@ex***.com."""
    name, _, host = address.partition("@")
    domain, _, top = host.rpartition(".")
    return f"{name[:_SHOWN]}***@{domain[:_SHOWN]}***.{top}"
