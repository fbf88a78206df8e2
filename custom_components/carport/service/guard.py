"""The guard of sign-ins: refused passwords are remembered, and tries are counted.

One guard serves all accounts and outlives them, so that neither a restart nor a
second form sends a refused password again or locks the owner's account.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
import hashlib
import hmac
import secrets
from typing import Any, Final

from .clock import Clock
from .contract import FieldKind, Service, ServiceInfo
from .errors import SignInFailed
from .sign_in import SignInOutcome

_DAY: Final = timedelta(days=1)
_MOST_REFUSED: Final = 200


class SignInGuard:
    """What was refused, and how often each account tried within a day."""

    def __init__(
        self,
        clock: Clock,
        data: Mapping[str, Any] | None = None,
        changed: Callable[[], object] | None = None,
    ) -> None:
        """Go on from what was kept; `changed` is called when there is more to keep."""
        data = data or {}
        self._clock = clock
        self._changed = changed
        self._salt: str = data.get("salt") or secrets.token_hex(16)
        self._refused: list[str] = list(data.get("refused", ()))
        self._tries: dict[str, list[datetime]] = {
            who: [datetime.fromisoformat(moment) for moment in moments]
            for who, moments in data.get("tries", {}).items()
        }

    def check(
        self, info: ServiceInfo, region: str, credentials: Mapping[str, str]
    ) -> None:
        """Raise `SignInFailed` if these must not be sent: refused, or too many tries."""
        if self._digest(info, region, credentials) in self._refused:
            raise SignInFailed(SignInOutcome.WRONG_PASSWORD)
        if len(self._recent(self._who(info, credentials))) >= info.sign_ins_a_day:
            raise SignInFailed(SignInOutcome.QUOTA)

    def count(self, info: ServiceInfo, credentials: Mapping[str, str]) -> None:
        """Note that a sign-in is tried now."""
        who = self._who(info, credentials)
        self._tries[who] = [*self._recent(who), self._clock.now()]
        self._tell()

    def refuse(
        self, info: ServiceInfo, region: str, credentials: Mapping[str, str]
    ) -> None:
        """Remember that the maker refused this password."""
        digest = self._digest(info, region, credentials)
        if digest not in self._refused:
            self._refused = [*self._refused, digest][-_MOST_REFUSED:]
            self._tell()

    def to_json(self) -> dict[str, Any]:
        """Turn the guard into JSON; no credential can be read from it."""
        return {
            "salt": self._salt,
            "refused": list(self._refused),
            "tries": {
                who: [moment.isoformat() for moment in recent]
                for who in self._tries
                if (recent := self._recent(who))
            },
        }

    def _recent(self, who: str) -> list[datetime]:
        now = self._clock.now()
        return [moment for moment in self._tries.get(who, ()) if now - moment < _DAY]

    def _who(self, info: ServiceInfo, credentials: Mapping[str, str]) -> str:
        """Return a name for the account that says nothing of its owner."""
        shown = _values(info, credentials, without={FieldKind.PASSWORD, FieldKind.PIN})
        message = "\0".join((info.key, *shown)).casefold()
        return hmac.new(
            self._salt.encode(),
            message.encode("utf-8", "surrogatepass"),
            hashlib.sha256,
        ).hexdigest()[:16]

    def _digest(
        self, info: ServiceInfo, region: str, credentials: Mapping[str, str]
    ) -> str:
        """Return a digest that is slow to guess; the PIN has no part in a sign-in."""
        parts = (info.key, region, *_values(info, credentials, without={FieldKind.PIN}))
        return hashlib.scrypt(
            "\0".join(parts).encode("utf-8", "surrogatepass"),
            salt=self._salt.encode(),
            n=2**12,
            r=8,
            p=1,
        ).hex()

    def _tell(self) -> None:
        if self._changed is not None:
            self._changed()


async def guarded_sign_in(
    service: Service, credentials: Mapping[str, str], guard: SignInGuard
) -> str:
    """Sign in unless the guard forbids it; remember a refused password."""
    info, region = service.info, service.context.region
    guard.check(info, region, credentials)
    guard.count(info, credentials)
    try:
        return await service.sign_in(credentials)
    except SignInFailed as error:
        if error.outcome is SignInOutcome.WRONG_PASSWORD:
            guard.refuse(info, region, credentials)
        raise


def _values(
    info: ServiceInfo, credentials: Mapping[str, str], without: set[FieldKind]
) -> list[str]:
    return [
        credentials.get(field.key, "")
        for field in info.credentials
        if field.kind not in without
    ]
