"""All persons, the tokens they are known by, and how many calls they have made."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, override

from aiohttp import web

from ..account import Account
from ..cloud import Site
from ..refusal import Refused
from ..register import Register
from ..signing import Signer
from . import answers
from .account import AccountState, open_account
from .regions import GIGYA_HOSTS, KAMEREON_HOSTS, REGIONS
from .settings import Settings
from .throttle import Quota

_SIGNER: Final = Signer(b"carport simulator, gigya", {"alg": "RS256", "typ": "JWT"})


class MyRenaultRegister(Register[AccountState, Settings]):
    """All persons of all regions."""

    def __init__(self, site: Site, specs: Iterable[Account]) -> None:
        """Open the accounts."""
        self._site = site
        self.quotas: dict[str, Quota] = {}
        super().__init__(specs, open_account, Settings)

    @override
    def open_all(self, specs: Iterable[Account]) -> None:
        for account in self.accounts:
            for car in account.cars.values():
                for timer in car.timers.values():
                    timer.cancel()
        self.quotas.clear()
        super().open_all(specs)

    # Gigya

    def gigya_key(self, host: str) -> str:
        """Return the app's key as it is now in the region of a host."""
        return self.settings.gigya_key or REGIONS[GIGYA_HOSTS[host]].gigya_key

    def person(self, host: str, username: object) -> AccountState | None:
        """Find a person by e-mail address, in the region of a host."""
        account = self.by_name(username)
        here = account is not None and account.spec.region == GIGYA_HOSTS[host]
        return account if here else None

    def login_token(self, account: AccountState) -> str:
        """Make a login token."""
        now = int(self._site.clock.now().timestamp())
        claims = {"sub": account.uid, "rev": account.revision, "iat": now}
        return f"st2.s.{_SIGNER.sign(claims)}"

    def by_login_token(self, host: str, token: str) -> AccountState | None:
        """Return whose login token this is, as long as it is alive."""
        claims = _SIGNER.open(token.removeprefix("st2.s."))
        account = None if claims is None else self.by_uid(claims.get("sub"))
        if claims is None or account is None:
            return None
        alive = claims.get("rev") == account.revision
        return account if alive and account.spec.region == GIGYA_HOSTS[host] else None

    def jwt(self, host: str, account: AccountState, life: float, fields: str) -> str:
        """Make a JWT, with the claims that were asked for."""
        now = int(self._site.clock.now().timestamp())
        region = REGIONS[account.spec.region]
        told = {
            "data.personId": account.person_id,
            "data.gigyaDataCenter": region.data_centre,
        }
        return _SIGNER.sign(
            {
                "iss": f"https://fidm.gigya.com/jwt/{self.gigya_key(host)}/",
                "apiKey": self.gigya_key(host),
                "iat": now,
                "exp": int(now + life),
                "sub": account.uid,
                "rev": account.jwt_revision,
                **{name: told[name] for name in fields.split(",") if name in told},
            }
        )

    # Kamereon

    def by_uid(self, uid: object) -> AccountState | None:
        """Find a person by Gigya's id."""
        return next((one for one in self.accounts if one.uid == uid), None)

    def owner(self, request: web.BaseRequest) -> AccountState | None:
        """Return whose JWT a call brings, alive or not."""
        claims = self._claims(request)
        return None if claims is None else self.by_uid(claims.get("sub"))

    def admit(self, request: web.BaseRequest, host: str) -> AccountState:
        """Return who calls, with a key, a token and a quota that are good."""
        if request.headers.get("apikey") != self.settings.kamereon_key:
            raise Refused(answers.wrong_key())
        claims, account = self._claims(request), self.owner(request)
        if claims is None or account is None or "data.personId" not in claims:
            raise answers.refuse(answers.UNAUTHORIZED)
        now = self._site.clock.now()
        if (
            account.spec.region != KAMEREON_HOSTS[host]
            or claims["rev"] != account.jwt_revision
            or now.timestamp() >= claims["exp"]
        ):
            raise answers.refuse(answers.UNAUTHORIZED)
        self._count(account, now)
        if not request.query.get("country"):
            raise answers.refuse(answers.MISSING_PARAMETER)
        return account

    def _count(self, account: AccountState, now: datetime) -> None:
        settings = self.settings
        quota = self.quotas.setdefault(account.uid, Quota())
        refused = quota.take(now, size=settings.quota, pause=settings.quota_pause)
        if refused is None:
            return
        named = settings.quota_answer == "429" or (
            settings.quota_answer == "both" and refused <= settings.quota_said
        )
        raise answers.refuse(answers.OVERLOADED if named else answers.UNAUTHORIZED)

    def _claims(self, request: web.BaseRequest) -> dict[str, Any] | None:
        return _SIGNER.open(request.headers.get("x-gigya-id_token", ""))
