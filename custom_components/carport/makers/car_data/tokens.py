"""The tokens of a CarData account: the device sign-in, and one refresh at a time."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any, ClassVar, Final, Self, override

from ...cloud.account_state import AccountState
from ...cloud.answer import Answer
from ...cloud.contract import Context
from ...cloud.device_code import DEVICE_GRANT, code_in, raise_end
from ...cloud.errors import BadAnswer, LoginExpired, Outage, SignInFailed, error_for
from ...cloud.field_map import text_at, to_float
from ...cloud.ledger import Purpose
from ...cloud.login import Visit
from ...cloud.pkce import Pkce, new_pkce
from ...cloud.sign_in import SignInOutcome
from ...cloud.token_manager import TokenManager
from .endpoints import DEVICE_CODE, HOSTS, SCOPES, SIGN_IN, TOKEN

_LIFETIME: Final = 3600.0
_REFRESH_LIFETIME: Final = timedelta(days=14)
_STATUSES: Final = frozenset({200, 400, 401, 403, 500, 503})
_KEPT: Final = ("access", "refresh", "id", "gcid", "client_id")


class SessionOutdated(SignInFailed, LoginExpired):
    """Another run has used the refresh token: what is kept here is of the past."""

    def __init__(self) -> None:
        """Say that it was a backup, most likely."""
        super().__init__(SignInOutcome.SESSION_OUTDATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarDataTokens:
    """One set of tokens; times are epoch seconds."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    id: str | None = field(repr=False)
    gcid: str
    client_id: str
    expires_at: float
    issued_at: float

    @classmethod
    def kept(cls, account_state: AccountState) -> Self | None:
        """Take up what the last run kept."""
        texts = {key: account_state.text(key) for key in _KEPT}
        access, refresh = texts["access"], texts["refresh"]
        gcid, client_id = texts["gcid"], texts["client_id"]
        if access is None or refresh is None or gcid is None or client_id is None:
            return None
        return cls(
            access=access,
            refresh=refresh,
            id=texts["id"],
            gcid=gcid,
            client_id=client_id,
            expires_at=account_state.number("expires_at") or 0,
            issued_at=account_state.number("issued_at")
            # What earlier versions kept it as.
            or account_state.number("sold_at")
            or 0,
        )

    @classmethod
    def from_answer(
        cls, body: Mapping[str, Any], client_id: str, now: float, before: Self | None
    ) -> Self:
        """Read an answer of the token call; the newest id and GCID count."""
        access, refresh = text_at(body, "access_token"), text_at(body, "refresh_token")
        gcid = text_at(body, "gcid") or (before.gcid if before else None)
        if access is None or refresh is None or gcid is None:
            raise BadAnswer(TOKEN)
        lifetime = to_float(body.get("expires_in")) or _LIFETIME
        return cls(
            access=access,
            refresh=refresh,
            id=text_at(body, "id_token"),
            gcid=gcid.lower(),
            client_id=client_id,
            expires_at=now + min(max(lifetime, 60), 86_400),
            issued_at=now,
        )


class CarDataTokenManager(TokenManager[CarDataTokens]):
    """Signs in by a device code, and keeps the tokens."""

    what: ClassVar[str] = TOKEN
    # Both the calls and the stream go on with new ones after 45 minutes.
    ahead: ClassVar[float] = 900.0
    harmless = (Outage, BadAnswer)

    def __init__(self, context: Context, account_state: AccountState) -> None:
        """Take up the tokens of the last run."""
        super().__init__(context, account_state, CarDataTokens.kept(account_state))

    @property
    def gcid(self) -> str | None:
        """The account's id."""
        return None if self._tokens is None else self._tokens.gcid

    @property
    def signed_in_at(self) -> float:
        """When the owner approved, in epoch seconds."""
        return self._account_state.number("signed_in_at") or 0

    # Signing in

    async def ask_for_code(self, client_id: str) -> tuple[Visit, DeviceCode]:
        """Get a code for the owner to approve."""
        pkce = new_pkce()
        answer = await self._post(
            DEVICE_CODE,
            {
                "client_id": client_id,
                "response_type": "device_code",
                "scope": SCOPES,
                "code_challenge": pkce.challenge,
                "code_challenge_method": "S256",
            },
            Purpose.SIGN_IN,
        )
        if answer.status != 200:
            _refusal_of(answer)
            raise SignInFailed(SignInOutcome.CLIENT_UNKNOWN)
        # The owner is sent to BMW, and nowhere else.
        found, visit = code_in(answer, self._transport, HOSTS)
        return visit, DeviceCode(code=found, client_id=client_id, pkce=pkce)

    async def look(self, code: DeviceCode) -> CarDataTokens | None:
        """Look once whether the owner has approved; None while they have not."""
        try:
            answer = await self._post(
                TOKEN,
                {
                    "client_id": code.client_id,
                    "device_code": code.code,
                    "grant_type": DEVICE_GRANT,
                    "code_verifier": code.pkce.verifier,
                },
                Purpose.SIGN_IN,
            )
        except Outage:
            code.failed(None)
            return None
        if answer.status == 200:
            now = self._now()
            tokens = CarDataTokens.from_answer(answer.json(), code.client_id, now, None)
            return await self._keep_all(tokens, signed_in_at=now)
        try:
            error = _refusal_of(answer)
        except Outage:
            code.failed(answer)
            return None
        raise_end(error, _ENDS, SignInOutcome.DEVICE_REFUSED)
        return None

    # Going on

    @override
    async def _renew(self, tokens: CarDataTokens) -> CarDataTokens:
        answer = await self._post(
            TOKEN,
            {
                "grant_type": "refresh_token",
                "refresh_token": tokens.refresh,
                "client_id": tokens.client_id,
            },
            Purpose.TOKEN,
        )
        if answer.status != 200:
            raise self._why_not_renewed(answer, tokens)
        fresh = CarDataTokens.from_answer(
            answer.json(), tokens.client_id, self._now(), tokens
        )
        return await self._keep_all(fresh)

    def _why_not_renewed(self, answer: Answer, tokens: CarDataTokens) -> Exception:
        """Tell a refresh token that was used elsewhere from one that has ended."""
        error = _refusal_of(answer)
        lived = self._now() - tokens.issued_at
        if error == "invalid_client":
            return LoginExpired(TOKEN, status=answer.status)
        if answer.status == 400 and lived < _REFRESH_LIFETIME.total_seconds():
            return SessionOutdated()
        return LoginExpired(TOKEN, status=answer.status)

    async def _keep_all(self, tokens: CarDataTokens, **further: float) -> CarDataTokens:
        return await self._keep(tokens, **asdict(tokens), **further)

    async def _post(
        self, path: str, form: Mapping[str, str], purpose: Purpose
    ) -> Answer:
        answer = await self._transport.request(
            "POST",
            f"{SIGN_IN}{path}",
            purpose=purpose,
            what=path,
            headers={"Accept": "application/json"},
            form=form,
            allowed=_STATUSES,
        )
        if answer.status not in _STATUSES:
            raise error_for(path, answer.status)
        return answer


def _refusal_of(answer: Answer) -> str:
    """Return BMW's own word for a refusal; without one it is an outage.

    A gateway in front refuses with any status, and has judged neither code nor token.
    """
    error = text_at(answer.refusal(), "error")
    if error is None or answer.status >= 500:
        raise Outage(answer.what, status=answer.status)
    return error


_MOST_FAULTS: Final = 3


@dataclass(slots=True, kw_only=True)
class DeviceCode:
    """A code that waits for its owner; `faults` counts the gateway's bad answers."""

    code: str = field(repr=False)
    client_id: str
    pkce: Pkce = field(repr=False)
    faults: int = 0

    def failed(self, answer: Answer | None) -> None:
        """Let a fault pass that may be gone at the next look; raise where it will not."""
        if answer is not None and "fault" in answer.refusal():
            # The gateway has lost the approval: this code is dead.
            raise SignInFailed(SignInOutcome.DEVICE_REFUSED)
        self.faults += 1
        if self.faults > _MOST_FAULTS:
            raise SignInFailed(SignInOutcome.MAKER_OUTAGE)


_ENDS: Final = {
    "access_denied": SignInOutcome.DEVICE_REFUSED,
    "invalid_client": SignInOutcome.CLIENT_UNKNOWN,
    "invalid_grant": SignInOutcome.DEVICE_REFUSED,
    "expired_token": SignInOutcome.CODE_EXPIRED,
    "invalid_request": SignInOutcome.PAGE_NOT_UNDERSTOOD,
}
