"""Two tiers of tokens: of the identity, and of the cars' services made from them."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, override

from ...cloud.account_state import AccountState
from ...cloud.answer import Answer
from ...cloud.contract import Context
from ...cloud.device_code import DEVICE_GRANT, code_in, raise_end
from ...cloud.errors import (
    BadAnswer,
    ClosedByMaker,
    LoginExpired,
    Outage,
    SignInFailed,
    Throttled,
    map_login_errors,
)
from ...cloud.field_map import text_at
from ...cloud.jwt import claims
from ...cloud.ledger import Purpose
from ...cloud.login import SlowDown, Visit
from ...cloud.oauth import KeptNames, OAuthTokenManager, OAuthTokens
from ...cloud.sign_in import SignInOutcome
from ..volkswagen_group.app_login import Grant
from .endpoints import EXCHANGE, IDENTITY_HOST, MBB

IDENTITY: Final = f"https://{IDENTITY_HOST}"
_REFUSALS: Final = (400, 401, 403)
_BRAND: Final = "VW"
_RENEW: Final = "/refreshTokens"
_MBB_TOKEN: Final = "/mobile/oauth2/v1/token"
_REVOKE: Final = "/mobile/oauth2/v1/revoke"
_REGISTER: Final = "/mobile/register/v1"
_REGISTRATION: Final = {
    "appId": "de.volkswagen.carnet.eu.eremote",
    "appName": "WeConnect",
    "appVersion": "5.17.6",
    "client_brand": _BRAND,
    "client_name": "Carport",
    "platform": "google",
}

DEVICE_CLIENTS: Final = (
    "9496332b-ea03-4091-a224-8c746b885068@apps_vw-dilab_com",
    "40945ec0-b870-4bb1-8583-a99325f99c65@apps_vw-dilab_com",
)
"""The apps that may sign devices in; the second is a reserve."""
_DEVICE_CODE: Final = "/oidc/v1/device_authorization"
_DEVICE_TOKEN: Final = "/oidc/v1/token"
_DEVICE_SCOPE: Final = "openid profile mbb cars"
_COMPLETE: Final = "verification_uri_complete"
_LATER: Final = frozenset({"temporarily_unavailable", "server_error"})
_ENDS: Final = {
    "access_denied": SignInOutcome.DECLINED,
    "expired_token": SignInOutcome.CODE_EXPIRED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCode:
    """A code that waits for its owner, and the app that it is for."""

    code: str = field(repr=False)
    client_id: str


class Tier(OAuthTokenManager):
    """The tokens of one tier, which can be given back."""

    harmless = (Outage, BadAnswer)

    async def give_back(self) -> None:
        """Tell the cloud that the tokens are no longer needed."""
        if self._tokens is not None and self._tokens.refresh is not None:
            await self._revoke(self._tokens.refresh)
            self._expired = True

    @abstractmethod
    async def _revoke(self, refresh: str) -> None:
        """Have a token refused from now on."""

    async def _post(
        self,
        base: str,
        path: str,
        form: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        return await self._transport.request(
            "POST",
            f"{base}{path}",
            purpose=Purpose.TOKEN,
            what=path,
            headers={"Accept": "application/json", **(headers or {})},
            form=form,
            allowed=(200, *_REFUSALS),
        )


class IdentityTokens(Tier):
    """The tokens of a sign-in: for the owner's profile, and to make the others of."""

    names = KeptNames.after("identity")
    what = _RENEW

    async def exchange(self, grant: Grant) -> OAuthTokens:
        """Turn a sign-in's code into tokens and keep them."""
        answer = await self._post(
            EXCHANGE,
            "/exchangeAuthCode",
            {
                "auth_code": grant.code,
                "code_verifier": grant.pkce.verifier,
                "id_token": grant.id_token or "",
                "brand": _BRAND,
            },
        )
        # It refuses with 200, too.
        if answer.status != HTTPStatus.OK or "error" in answer.json():
            raise SignInFailed(SignInOutcome.CLIENT_REFUSED)
        return await self._take(answer, None, user_id=grant.user_id, device_client=None)

    async def ask_for_code(self) -> tuple[Visit, DeviceCode]:
        """Ask for a code that the owner approves on the maker's own page."""
        for client_id in DEVICE_CLIENTS:
            form = {"client_id": client_id, "scope": _DEVICE_SCOPE}
            answer = await self._post(IDENTITY, _DEVICE_CODE, form)
            if answer.status == HTTPStatus.OK:
                code, visit = code_in(answer, self._transport, {IDENTITY_HOST})
                if visit.complete_url is None and _COMPLETE in answer.json():
                    # It leads elsewhere: this is no page of the maker's.
                    raise BadAnswer(answer.what)
                return visit, DeviceCode(code=code, client_id=client_id)
        raise SignInFailed(SignInOutcome.CLIENT_REFUSED)

    async def look(self, code: DeviceCode) -> OAuthTokens | None:
        """Look once whether a code was approved; keep the tokens if it was."""
        form = {
            "grant_type": DEVICE_GRANT,
            "device_code": code.code,
            "client_id": code.client_id,
        }
        try:
            answer = await self._post(IDENTITY, _DEVICE_TOKEN, form)
            body = answer.json()
        except Outage, BadAnswer:
            # A gateway's page has not judged the code either.
            return None
        except Throttled:
            raise SlowDown from None
        if answer.status != HTTPStatus.OK:
            error = text_at(body, "error")
            raise_end(error, _ENDS, SignInOutcome.CLIENT_REFUSED, _LATER)
            return None
        user_id = text_at(claims(text_at(body, "id_token") or ""), "sub")
        if user_id is None:
            raise SignInFailed(SignInOutcome.PAGE_NOT_UNDERSTOOD)
        return await self._take(
            answer, None, user_id=user_id, device_client=code.client_id
        )

    @override
    async def _renew(self, tokens: OAuthTokens) -> OAuthTokens:
        if tokens.refresh is None:
            raise LoginExpired(_RENEW)
        client_id = self._account_state.text("device_client")
        base, path, more = EXCHANGE, _RENEW, {"brand": _BRAND}
        if client_id is not None:
            base, path, more = IDENTITY, _DEVICE_TOKEN, {"client_id": client_id}
        answer = await self._post(
            base,
            path,
            {"grant_type": "refresh_token", "refresh_token": tokens.refresh, **more},
        )
        if answer.status != HTTPStatus.OK or "error" in answer.json():
            if _is_passing(answer):
                raise Outage(_RENEW, status=answer.status)
            raise LoginExpired(_RENEW, status=answer.status)
        return await self._take(answer, tokens)

    @override
    async def _revoke(self, refresh: str) -> None:
        # Nobody knows such a call for those of a device; the cars' are given back.
        if self._account_state.text("device_client") is None:
            await self._post(EXCHANGE, "/revokeToken", {"token": refresh})


def _is_passing(answer: Answer) -> bool:
    """Return whether a refusal says nothing of the token: *later*, or a gateway's page."""
    is_page = answer.text.lstrip().startswith("<")
    return is_page or text_at(answer.refusal(), "error") in _LATER


class CarTokens(Tier):
    """The tokens that the cars' services take."""

    names = KeptNames.after("mbb")
    what = _MBB_TOKEN

    def __init__(
        self, context: Context, account_state: AccountState, identity: IdentityTokens
    ) -> None:
        """Make them of the identity's tokens."""
        super().__init__(context, account_state)
        self._identity = identity

    async def installation(self) -> str:
        """Return our number at the cloud, asked for once in an account's life."""
        known = self._account_state.text("mbb_client")
        return await self._register() if known is None else known

    async def _register(self) -> str:
        answer = await self._transport.request(
            "POST",
            f"{MBB}{_REGISTER}",
            purpose=Purpose.TOKEN,
            what=_REGISTER,
            json=_REGISTRATION,
        )
        number = text_at(answer.json(), "client_id")
        if number is None:
            raise BadAnswer(_REGISTER)
        return number

    async def begin(self, installation: str) -> OAuthTokens:
        """Make the first tokens after a sign-in; raise `SignInFailed` with its end."""
        await self._account_state.keep(mbb_client=installation)
        with map_login_errors():
            answer = await self._from_identity(await self._identity.fresh())
            if answer.status != HTTPStatus.OK:
                # The credentials were good: it is us whom the maker refuses.
                raise SignInFailed(SignInOutcome.CLIENT_REFUSED)
            return await self._take(answer, None)

    @override
    async def _renew(self, tokens: OAuthTokens) -> OAuthTokens:
        if tokens.refresh is not None:
            # The old clients called it `token`, which is answered with 500 now.
            form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
            answer = await self._ask(form)
            if answer.status == HTTPStatus.OK:
                return await self._take(answer, tokens)
        identity = await self._identity.fresh()
        answer = await self._from_identity(identity)
        if answer.status == HTTPStatus.BAD_REQUEST:
            # It says so of every token if it does not know our number.
            await self._account_state.keep(mbb_client=await self._register())
            answer = await self._from_identity(identity)
        if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
            answer = await self._from_identity(await self._identity.renewed(identity))
        if answer.status != HTTPStatus.OK:
            raise LoginExpired(_MBB_TOKEN, status=answer.status)
        return await self._take(answer, None)

    @override
    async def _revoke(self, refresh: str) -> None:
        hint = {"token_type_hint": "refresh_token"}
        await self._post(MBB, _REVOKE, {"token": refresh}, hint)

    async def _from_identity(self, tokens: OAuthTokens) -> Answer:
        if tokens.identity is None:
            raise LoginExpired(_MBB_TOKEN)
        return await self._ask({"grant_type": "id_token", "token": tokens.identity})

    async def _ask(self, form: Mapping[str, str]) -> Answer:
        client = {"X-Client-Id": await self.installation()}
        scoped = {**form, "scope": "sc2:fal"}
        answer = await self._post(MBB, _MBB_TOKEN, scoped, client)
        if answer.status == HTTPStatus.FORBIDDEN:
            # How the service ended in 2023: for every client and every token.
            raise ClosedByMaker(_MBB_TOKEN, status=answer.status)
        if answer.status != HTTPStatus.OK and _is_passing(answer):
            raise Outage(_MBB_TOKEN, status=answer.status)
        return answer
