"""What an account keeps of one of its cars: its request, its files, its memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import json
from typing import Any, Final, Self
import zlib

from ...car.bounds import moment_from
from ...car.signals import DataDelivery
from . import keys
from .data_requests import DataRequest
from .file_list import File
from .spans import Memory

EVERY: Final = timedelta(minutes=15)
_SOON: Final = timedelta(seconds=45)
_SPREAD: Final = 16
_AGAIN: Final = timedelta(minutes=1)
_LATER: Final = timedelta(minutes=5)
_QUICK_LOOKS: Final = 5
_LATER_LOOKS: Final = 8
"""After that many looks the next file is not late: there is none for a while."""
_AFTER_FAILURES: Final = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
)
_WITHOUT_REQUEST: Final = timedelta(hours=1)
_OUTAGE: Final = timedelta(hours=6)
_NEVER_ANYTHING: Final = timedelta(days=1)
_BROKEN_KEPT: Final = 20
_REFUSALS_OF_A_FILE: Final = 3
_CHARGES: Final = "CHARGE_STATE_CHARGING"


@dataclass(slots=True, kw_only=True)
class CarState:
    """One car; what is not in its JSON belongs to this run alone."""

    memory: Memory = field(default_factory=Memory)
    request: DataRequest | None = None
    newest_at: datetime | None = None
    """When the newest file was made, empty or not."""
    content_at: datetime | None = None
    """When the newest file with anything in it was made."""
    empty_since: datetime | None = None
    """When the first empty file after that was made."""
    broken: dict[str, int] = field(default_factory=dict)
    """How often a file was no delivery."""
    nickname: str | None = None
    asked_at: datetime | None = None
    """When the portal was last asked for the car's requests."""
    looked_at: datetime | None = None
    vanished: bool = False
    """Whether the list was empty at the last look, although files came before."""
    misses: int = 0
    failures: int = 0
    refusals: int = 0
    """How often the portal has refused to create a request, in this run."""
    stumbled: tuple[str, int] = ("", 0)
    """The file that was refused last, and how often."""
    contradictions: frozenset[str] = frozenset()

    def note_listed(self, file: File) -> None:
        """Take note that a file is there."""
        self.newest_at = max(file.created_at, self.newest_at or file.created_at)

    def note_content(self, file: File, *, empty: bool) -> None:
        """Take note of what was in a file: some are empty whose name says nothing of it.

        Files come oldest first, but for second tries, which say nothing of today.
        """
        if self.newest_at is not None and file.created_at < self.newest_at:
            return
        if not empty:
            self.content_at, self.empty_since = file.created_at, None
        elif self.empty_since is None:
            self.empty_since = file.created_at

    def is_stuck_on(self, file: File) -> bool:
        """Count a refusal of a file; return whether it is to be left out by now.

        The portal is out of order now and then, but a file that it refuses again and
        again must not hide those behind it.
        """
        name, times = self.stumbled
        self.stumbled = file.name, times + 1 if name == file.name else 1
        return self.stumbled[1] >= _REFUSALS_OF_A_FILE

    def note_broken(self, file: File) -> None:
        """Count a file that was no delivery: it is tried once more, later."""
        self.broken[file.name] = self.broken.get(file.name, 0) + 1
        for name in list(self.broken)[:-_BROKEN_KEPT]:
            del self.broken[name]

    def wants(self, file: File) -> bool:
        """Return whether a file has not been read yet, or is worth a second try."""
        if self.broken.get(file.name) == 1:
            return True
        last = self.memory.last_created
        return last is None or file.created_at > last

    def delivery(self, now: datetime) -> DataDelivery:
        """Say how deliveries are: an outage, a lapsed request and a parked car differ."""
        if self.request is None:
            return DataDelivery.NO_REQUEST
        if self.request.is_over(now):
            return DataDelivery.REQUEST_ENDED
        if self.newest_at is None:
            return DataDelivery.WAITING
        if now - self.newest_at > _OUTAGE:
            return DataDelivery.OUTAGE
        if self.empty_since is None:
            return DataDelivery.CURRENT
        empty_for = now - self.empty_since
        if self.content_at is None:
            never = empty_for > _NEVER_ANYTHING
            return DataDelivery.OUTAGE if never else DataDelivery.WAITING
        if empty_for > _OUTAGE and self._was_busy():
            return DataDelivery.OUTAGE
        return DataDelivery.NOTHING_NEW

    def _was_busy(self) -> bool:
        """Return whether the car last told of something that does not end in silence."""
        brakes = (*keys.PARKING_BRAKES, keys.FLAT_PARKING_BRAKE)
        brake = next(filter(None, map(self.memory.value, brakes)), None)
        dotted = self.memory.value(keys.CHARGE_STATE) or ""
        flat = self.memory.value(keys.CHARGING_STATE) or ""
        return (
            brake in {"false", "0"}
            or _CHARGES in dotted.upper()
            or flat.casefold() == "charging"
        )

    def next_look(self, vin: str) -> datetime | None:
        """Return when there will be something to look for; None before a first look."""
        if self.looked_at is None:
            return None
        if self.failures:
            pauses = _AFTER_FAILURES[: self.failures]
            return self.looked_at + pauses[-1]
        if self.request is None or self.request.is_over(self.looked_at):
            return self.looked_at + _WITHOUT_REQUEST
        if self.newest_at is not None:
            # Each car has its own second, so that several are not asked for at once.
            own = timedelta(seconds=zlib.crc32(vin.encode()) % _SPREAD)
            due = self.newest_at + EVERY + _SOON + own
            if due > self.looked_at:
                return due
        elif self.misses:
            # The first file may be hours away: nothing says when it is made.
            return self.looked_at + EVERY
        return self.looked_at + self._until_late_file()

    def _until_late_file(self) -> timedelta:
        """Return the pause before the next look for a file that is not there in time."""
        if self.misses <= _QUICK_LOOKS:
            return _AGAIN
        return _LATER if self.misses <= _LATER_LOOKS else EVERY

    def to_text(self) -> str:
        """Turn the state into a text for the account's store."""
        return json.dumps(
            {
                "memory": self.memory.to_json(),
                "request": self.request and self.request.to_json(),
                "newest_at": _iso(self.newest_at),
                "content_at": _iso(self.content_at),
                "empty_since": _iso(self.empty_since),
                "broken": self.broken,
                "nickname": self.nickname,
            },
            separators=(",", ":"),
        )

    @classmethod
    def from_text(cls, text: str | None) -> Self:
        """Bring a state back; what is damaged in it is forgotten."""
        kept: Any
        try:
            kept = json.loads(text or "{}")
        except ValueError, RecursionError:
            kept = {}
        if not isinstance(kept, Mapping):
            kept = {}
        nickname, broken = kept.get("nickname"), kept.get("broken")
        return cls(
            memory=Memory.from_json(kept.get("memory")),
            request=DataRequest.from_json(kept.get("request")),
            newest_at=moment_from(kept.get("newest_at")),
            content_at=moment_from(kept.get("content_at")),
            empty_since=moment_from(kept.get("empty_since")),
            broken={
                name: count
                for name, count in (
                    broken.items() if isinstance(broken, Mapping) else ()
                )
                if isinstance(count, int)
            },
            nickname=nickname if isinstance(nickname, str) else None,
        )


def _iso(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()
