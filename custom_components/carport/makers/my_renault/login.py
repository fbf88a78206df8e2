"""Signing in as a conversation: password first, a code by e-mail where Gigya wants one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
import hashlib
import hmac
import re
import secrets
from typing import Final, Self

from ...cloud.account_state import AccountState
from ...cloud.contract import Context
from ...cloud.credentials import CredentialField, FieldKind
from ...cloud.errors import NothingSent, SignInFailed, map_login_errors
from ...cloud.login import LoginDialog, Question, Resend
from ...cloud.sign_in import SignInOutcome
from .countries import COUNTRIES, Country, country_of, published_keys
from .gigya import (
    WRONG_CREDENTIALS,
    Address,
    CodeWanted,
    Confirmed,
    Device,
    Gigya,
    GigyaError,
    SignedIn,
    outcome_of,
)
from .tokens import MyRenaultTokens

CREDENTIALS: Final = (
    CredentialField(key="username", kind=FieldKind.EMAIL, identifies=True),
    CredentialField(key="password", kind=FieldKind.PASSWORD),
    CredentialField(
        key="country",
        kind=FieldKind.CHOICE,
        choices=tuple(sorted(COUNTRIES)),
        suggested="FR",
    ),
    CredentialField(
        key="keep_password", kind=FieldKind.FLAG, required=False, suggested="false"
    ),
    CredentialField(
        key="local_times", kind=FieldKind.VINS, required=False, advanced=True
    ),
    CredentialField(
        key="gigya_key", kind=FieldKind.TEXT, required=False, advanced=True
    ),
    CredentialField(
        key="kamereon_key", kind=FieldKind.TEXT, required=False, advanced=True
    ),
)

SEND_CODE: Final = "send_code"
"""The question whether the code may be sent; each yes is one e-mail."""

_CODE: Final = re.compile(r"\d{6}", re.ASCII)
_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What the owner typed."""

    username: str
    password: str = field(repr=False)
    country: Country
    keep_password: bool
    local_times: str | None
    gigya_key: str | None = field(repr=False)
    kamereon_key: str | None = field(repr=False)

    @classmethod
    def of(cls, typed: Mapping[str, str], tokens: MyRenaultTokens) -> Self:
        """Read the form; what it leaves out or empty stays as it was."""
        known = tokens.chosen
        told = {key: (typed.get(key) or "").strip() or None for key in known}
        country = told["country"] or known["country"]
        keeps = told["keep_password"] or known["keep_password"]
        return cls(
            username=typed["username"].strip(),
            password=typed["password"],
            country=country_of(country),
            keep_password=keeps == "true",
            local_times=told["local_times"] or known["local_times"],
            gigya_key=told["gigya_key"] or known["gigya_key"],
            kamereon_key=told["kamereon_key"] or known["kamereon_key"],
        )


class Login:
    """One sign-in, with or without somebody to talk to."""

    def __init__(
        self, context: Context, account_state: AccountState, tokens: MyRenaultTokens
    ) -> None:
        """Sign in for an account."""
        self._context = context
        self._account_state = account_state
        self._tokens = tokens

    async def converse(self, talk: LoginDialog) -> str:
        """Sign in by talking to the owner; return Gigya's id of the person."""
        typed = self._typed(await talk.ask())
        while True:
            gigya = self._gigya(typed)
            answer = await self._login(gigya, typed)
            if isinstance(answer, CodeWanted):
                if not await self._confirm(talk, gigya, answer):
                    # It took too long: it begins anew, with the form.
                    expired = SignInOutcome.CODE_EXPIRED
                    typed = self._typed(await talk.ask(error=expired))
                    continue
                answer = await self._login(gigya, typed)
            return await self._finish(gigya, typed, answer)

    async def plainly(self, credentials: Mapping[str, str]) -> str:
        """Sign in where the password is enough; no e-mail is ever sent."""
        typed = self._typed(credentials)
        gigya = self._gigya(typed)
        return await self._finish(gigya, typed, await self._login(gigya, typed))

    def _typed(self, typed: Mapping[str, str]) -> Typed:
        return Typed.of(typed, self._tokens)

    def _gigya(self, typed: Typed) -> Gigya:
        return Gigya(self._context.transport, typed.country, typed.gigya_key)

    async def _login(self, gigya: Gigya, typed: Typed) -> SignedIn | CodeWanted:
        """Send the password once; the same one is not sent after it was refused."""
        known = self._was_good(typed)
        if known and self._account_state.text("refused_for") == _key_of(typed):
            raise NothingSent(SignInOutcome.MAKER_KEY_REPLACED)
        now = self._context.clock.now()
        with _ends():
            try:
                return await gigya.login(
                    typed.username, typed.password, self._tokens.device, now
                )
            except GigyaError as error:
                if error.code != WRONG_CREDENTIALS or not known:
                    raise
        # The very password that was good before: maybe it is the key that is not.
        await self._account_state.keep(refused_for=_key_of(typed))
        raise SignInFailed(SignInOutcome.MAKER_KEY_REPLACED)

    async def _finish(
        self, gigya: Gigya, typed: Typed, answer: SignedIn | CodeWanted
    ) -> str:
        if isinstance(answer, CodeWanted):
            raise SignInFailed(SignInOutcome.CODE_WANTED)
        salt = secrets.token_hex(16)
        with _ends():
            await self._tokens.begin(
                gigya,
                answer,
                country=typed.country.code,
                gigya_key=typed.gigya_key,
                kamereon_key=typed.kamereon_key,
                keys_beside=published_keys(typed.country),
                local_times=typed.local_times,
                keep_password="true" if typed.keep_password else "false",
                password=typed.password if typed.keep_password else None,
                salt=salt,
                digest=_digest(typed, salt),
                refused_for=None,
            )
        return answer.uid

    # The code

    async def _confirm(
        self, talk: LoginDialog, gigya: Gigya, wanted: CodeWanted
    ) -> bool:
        """Have the owner confirm this device by a code; False if it took too long."""
        with _ends():
            device = self._tokens.device or await gigya.new_device()
            assertion = await gigya.begin_code(wanted.reg_token, device)
            addresses = await gigya.addresses(assertion, device)
        address = await _choose(talk, addresses)
        run = _Run(gigya=gigya, device=device, wanted=wanted, assertion=assertion)
        error: SignInOutcome | None = None
        phv_token: str | None = None
        while True:
            if self._context.clock.now() >= wanted.until:
                return False
            if phv_token is None:
                with _ends():
                    phv_token = await gigya.send_code(assertion, address.id, device)
            answer = await talk.code(address.shown, error=error)
            if self._context.clock.now() >= wanted.until:
                return False
            if isinstance(answer, Resend):
                # A click of its own: one more e-mail, and the old code is void.
                phv_token, error = None, None
            elif await self._is_right(run, phv_token, _SPACE.sub("", answer)):
                await self._tokens.remember(device)
                return True
            else:
                error = SignInOutcome.CODE_WRONG

    async def _is_right(self, run: _Run, phv_token: str, code: str) -> bool:
        if not _CODE.fullmatch(code):
            return False
        confirmation = Confirmed(
            reg_token=run.wanted.reg_token,
            assertion=run.assertion,
            phv_token=phv_token,
        )
        with _ends():
            return await run.gigya.confirm(confirmation, code, run.device)

    # What was good before

    def _was_good(self, typed: Typed) -> bool:
        """Return whether this very password was accepted the last time."""
        salt, digest = (
            self._account_state.text("salt"),
            self._account_state.text("digest"),
        )
        if salt is None or digest is None:
            return False
        return hmac.compare_digest(digest, _digest(typed, salt))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One way to a confirmed device."""

    gigya: Gigya
    device: Device
    wanted: CodeWanted
    assertion: str = field(repr=False)


async def _choose(talk: LoginDialog, addresses: tuple[Address, ...]) -> Address:
    """Ask to which address the code may be sent, one after the other."""
    for address in addresses:
        question = Question(key=SEND_CODE, placeholders={"address": address.shown})
        if await talk.confirm(question):
            return address
    outcome = SignInOutcome.DECLINED if addresses else SignInOutcome.CODE_WANTED
    raise SignInFailed(outcome)


@contextmanager
def _ends() -> Iterator[None]:
    """Let a step end well or in `SignInFailed`, named by Gigya's code."""
    with map_login_errors():
        try:
            yield
        except GigyaError as error:
            raise SignInFailed(outcome_of(error)) from None


def _key_of(typed: Typed) -> str:
    """Return what names the key of the app that a password was sent with."""
    return typed.gigya_key or f"published {typed.country.cloud.gigya_key}"


def _digest(typed: Typed, salt: str) -> str:
    """Return a digest of the password that is slow to guess."""
    message = f"{typed.username.casefold()}\0{typed.password}"
    return hashlib.scrypt(
        message.encode("utf-8", "surrogatepass"),
        salt=salt.encode(),
        n=2**12,
        r=8,
        p=1,
    ).hex()
