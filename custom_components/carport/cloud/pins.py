"""PINs and their like: which may still be sent, so that nobody locks the owner's.

Anybody at a code pad can type anything. A code the maker never took is
unproven: few of them are sent in a day. One it refused is never sent again, and one
it took is always let through.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
import hashlib
import hmac
import secrets
from typing import Final

from .account_state import AccountState
from .clock import Clock
from .errors import PinLimit, PinLocked, PinRefused

A_DAY: Final = 2
"""How many different unproven codes are sent in a day."""
DAY: Final = timedelta(hours=24)
LONGEST_LOCK: Final = timedelta(hours=24)

_DIGESTS_KEPT: Final = 20
_FORGOTTEN: Final = (
    "pin_blocked",
    "pins_refused",
    "pins_tried",
    "pin_locked_until",
    "pin_doubted",
)
_KNOWN: Final = (*_FORGOTTEN, "pin_salt", "pin_proven")


class PinGuard:
    """What is remembered of PINs, in this run and earlier ones; never a PIN itself."""

    def __init__(self, account_state: AccountState, clock: Clock) -> None:
        """Keep what is known in the account's state."""
        self._account_state = account_state
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._last: tuple[bytes, str] | None = None

    @property
    def any(self) -> bool:
        """Whether the PIN that was tried last was refused."""
        return self._account_state.number("pin_blocked") is not None

    def holds(self, pin: str) -> bool:
        """Return whether this PIN was refused."""
        refused = self._refused()
        return bool(refused) and self._digest(pin) in refused

    def is_proven(self, pin: str) -> bool:
        """Return whether this is the PIN the maker took last."""
        proven = self._account_state.text("pin_proven")
        return proven is not None and self._digest(pin) == proven

    def check(self, what: str, pin: str) -> None:
        """Raise if this PIN may not be sent now."""
        if self.holds(pin):
            raise PinRefused(what)
        now = self._clock.now()
        locked = self._account_state.ahead("pin_locked_until", now)
        if locked is not None and locked - now <= LONGEST_LOCK:
            raise PinLocked(what, until=locked)
        if self.is_proven(pin):
            return
        tried = self._tried()
        if len(tried) >= A_DAY and self._digest(pin) not in tried:
            # The earliest of those that count is over first.
            until = sorted(tried.values())[-A_DAY] + DAY
            raise PinLimit(what, until=until)

    async def begin(self, what: str, pin: str) -> None:
        """Raise if this PIN may not be sent now; else return once the try is counted.

        One whose outcome is unknown may be sent again: it counts once.
        """
        self.check(what, pin)
        if self.is_proven(pin):
            return
        salt, digest = self._salted(pin)
        tried = self._tried()
        tried.setdefault(digest, self._clock.now())
        await self._account_state.keep(pin_salt=salt, pins_tried=_line(tried))

    async def refuse(
        self, what: str, pin: str, status: int | None = None, *, sure: bool = True
    ) -> PinRefused:
        """Remember that the maker refused a PIN; return the error that says so.

        Unless it is `sure` that the PIN was wrong, one that was right before may only
        be locked: it rests for a day, and is taken for wrong if refused then.
        """
        if (
            not sure
            and self.is_proven(pin)
            and self._account_state.number("pin_doubted") is None
        ):
            await self._account_state.keep(pin_doubted=1)
            return await self.lock(what, self._clock.now() + LONGEST_LOCK, status)
        salt, digest = self._salted(pin)
        proven = self._account_state.text("pin_proven")
        await self._account_state.keep(
            pin_salt=salt,
            pin_blocked=1,
            pin_doubted=None,
            pin_proven=None if proven == digest else proven,
            pins_refused=",".join([*self._refused(), digest][-_DIGESTS_KEPT:]),
        )
        return PinRefused(what, status=status)

    async def lock(
        self, what: str, until: datetime, status: int | None = None
    ) -> PinLocked:
        """Remember that the maker takes no PIN for a while; return the error."""
        until = min(until, self._clock.now() + LONGEST_LOCK)
        await self._account_state.keep(pin_locked_until=until.timestamp())
        return PinLocked(what, until=until, status=status)

    async def accept(self, pin: str) -> None:
        """Note that a PIN was taken: it is proven, and there is no trouble any more."""
        salt, digest = self._salted(pin)
        tried = self._tried()
        now: Mapping[str, str | float | None] = {
            "pin_salt": salt,
            "pin_proven": digest,
            "pin_blocked": None,
            "pin_doubted": None,
            "pin_locked_until": None,
            "pins_tried": _line(
                {one: at for one, at in tried.items() if one != digest}
            ),
        }
        if any(self._account_state.value(key) != value for key, value in now.items()):
            await self._account_state.keep(**now)

    def _refused(self) -> list[str]:
        kept = self._account_state.text("pins_refused")
        return kept.split(",") if kept else []

    def _tried(self) -> dict[str, datetime]:
        """Return the unproven codes sent in the last day, and when each was first."""
        now = self._clock.now()
        tried = {}
        for part in (self._account_state.text("pins_tried") or "").split(","):
            moment, _, digest = part.partition("/")
            try:
                at = datetime.fromisoformat(moment)
            except ValueError:
                continue
            # A clock that was ahead must not lock anybody out for longer.
            if at.tzinfo is not None and now - DAY < at <= now + DAY:
                tried[digest] = min(at, now)
        return tried

    def _digest(self, pin: str) -> str | None:
        """Return the digest to look for; None where nothing was ever kept."""
        salt = self._account_state.text("pin_salt")
        return None if salt is None else self._slow(pin, salt)

    def _salted(self, pin: str) -> tuple[str, str]:
        """Return salt and digest to keep."""
        salt = self._account_state.text("pin_salt") or secrets.token_hex(16)
        return salt, self._slow(pin, salt)

    def _slow(self, pin: str, salt: str) -> str:
        """Return a digest that takes a while, because a PIN is short."""
        secret = pin.encode("utf-8", "surrogatepass")
        mark = hmac.digest(self._key, secret + salt.encode(), "sha256")
        if self._last is None or self._last[0] != mark:
            # A command asks several times for the same one.
            slow = hashlib.scrypt(secret, salt=salt.encode(), n=2**12, r=8, p=1)
            self._last = mark, slow.hex()
        return self._last[1]


def without_refusals(
    kept: Mapping[str, str | float | None],
) -> dict[str, str | float | None]:
    """Return what an account keeps, as if no PIN had been refused or counted.

    For an owner who gives a PIN anew, and so answers for it.
    """
    return {key: value for key, value in kept.items() if key not in _FORGOTTEN}


def with_pins_of(
    kept: Mapping[str, str | float | None], newer: Mapping[str, str | float | None]
) -> dict[str, str | float | None]:
    """Return what an account keeps, with what is known of PINs somewhere else."""
    return {
        **{key: value for key, value in kept.items() if key not in _KNOWN},
        **{key: newer[key] for key in _KNOWN if key in newer},
    }


def _line(tried: Mapping[str, datetime]) -> str | None:
    return ",".join(f"{at.isoformat()}/{one}" for one, at in tried.items()) or None
