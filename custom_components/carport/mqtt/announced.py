"""What was announced at a broker, so that it is taken back once its car is gone.

A retained topic outlives the bridge, and whoever finds it there cannot tell a car that was
sold from one of another bridge. So what is announced is written down before it goes out,
and what is written down of a car that its account has no more is removed, and only that.
"""

from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Set as AbstractSet,
)
from dataclasses import dataclass
from functools import partial
import hashlib
from typing import Any, Final, Protocol, Self, TypeIs

from ..car.signals import SIGNALS
from .outbox import Outbox
from .preferences import PREFERENCES
from .settings import PRIVATE_SIGNALS, Layout

STATE: Final = "state"
CHANNEL: Final = "channel"
PICTURE: Final = "picture"
ACCOUNT: Final = ""
"""In a row, what is announced of the account itself; all others are digests of cars."""
GONE: Final = ".gone"
"""In place of an account's name: the topics of cars that were taken back."""

_EVERYTHING: Final = "/#"
_RETAINED: Final = (
    *(key for key in SIGNALS if key not in PRIVATE_SIGNALS),
    *sorted(PREFERENCES),
    PICTURE,
    CHANNEL,
    STATE,
)
"""The levels below a car's own topic at which something may be retained."""
_TOPICS: Final = "topics"
_LONGEST_PLACE: Final = 4096
"""Bytes; a broker takes 65535 of a whole topic."""
_NO_TOPIC: Final = frozenset("#+\0")
_MOST_GONE: Final = 100
"""Of so many cars it is remembered that they are gone; the oldest are forgotten."""

type Row = Mapping[str, Any]


def digest_of(vin: str) -> str:
    """Return a name of a car that stays, and does not tell listeners its VIN."""
    return hashlib.sha256(vin.encode()).hexdigest()[:12]


def all_below(topic: str) -> str:
    """Name everything that may be retained below a car's own topic, as one place."""
    return f"{topic}{_EVERYTHING}"


class Record(Protocol):
    """Where a face keeps what was announced at one broker, a row for each account."""

    def answers(self, layout: Layout) -> bool:
        """Return whether this bridge answers for cars that are gone; else another one does."""

    def rows(self) -> Iterable[tuple[str, object]]:
        """Return the rows of all accounts by name, those that were removed included."""

    def read(self, name: str) -> object:
        """Return a row; None where there is none."""

    def write(self, name: str, row: Row | None) -> bool:
        """Write a row or remove it; return whether that was done, else it comes again."""


class MemoryRecord:
    """A record in memory, which ends with the process unless somebody keeps it."""

    def __init__(self, rows: Mapping[str, Row] | None = None) -> None:
        """Begin with what was kept, or with nothing announced."""
        self._rows = dict(rows or {})

    def answers(self, layout: Layout) -> bool:
        """Answer always: nobody else knows."""
        return True

    def rows(self) -> Iterable[tuple[str, object]]:
        """Return the rows of all accounts."""
        return [(name, row) for name, row in self._rows.items() if name != GONE]

    def read(self, name: str) -> object:
        """Return a row."""
        return self._rows.get(name)

    def write(self, name: str, row: Row | None) -> bool:
        """Keep or forget a row."""
        if row is None:
            self._rows.pop(name, None)
        else:
            self._rows[name] = row
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """Where a car or an account is told with the retain flag, and a car's own level."""

    places: frozenset[str]
    level: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Turn it into JSON."""
        return {"places": sorted(self.places), "level": self.level}

    @classmethod
    def from_json(cls, data: object) -> Self | None:
        """Bring it back; None where it is damaged."""
        if not isinstance(data, Mapping):
            return None
        places, level = data.get("places"), data.get("level")
        if not isinstance(places, list) or not all(map(_is_place, places)):
            return None
        return cls(places=frozenset(places), level=level if _is_text(level) else None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Clearing:
    """Places that are taken back, and their topics that the broker has not confirmed."""

    stale: frozenset[str]
    waiting: set[str]


class Announcements:
    """What was announced by this run and those before it, account by account."""

    def __init__(self, record: Record, outbox: Outbox) -> None:
        """Know where it is kept, and by which way it is taken back."""
        self._record = record
        self._outbox = outbox
        self._rows: dict[str, dict[str, Announced]] = {}
        self._now: dict[tuple[str, str], Announced] = {}
        """What belongs at the broker, by account and subject."""
        self._clearing: dict[tuple[str, str], _Clearing] = {}
        """What the broker has not confirmed as removed."""
        self._unsaved: set[str] = set()

    def load(self, names: Iterable[str]) -> None:
        """Read what is written down of accounts, unless that is known."""
        for name in names:
            self._row(name)

    def write_down(self, name: str, present: Mapping[str, Announced]) -> None:
        """Have what is about to be announced of an account on disk before it goes out."""
        row = self._row(name)
        for subject, new in present.items():
            self._now[name, subject] = new
            old = row.get(subject)
            places = new.places if old is None else new.places | old.places
            level = new.level or (None if old is None else old.level)
            row[subject] = Announced(places=places, level=level)
            if row[subject] != old:
                self._unsaved.add(name)
        if name in self._unsaved:
            levels = {one.level for one in present.values()}
            self._keep_gone(lambda gone: [one for one in gone if one not in levels])
            self._save(name)

    def is_safe(self, name: str) -> bool:
        """Return whether an account is written down as it was given last."""
        return name not in self._unsaved

    def subjects(self, name: str) -> AbstractSet[str]:
        """Return the cars of which something is written down, by their digests."""
        return self._row(name).keys() - {ACCOUNT}

    def take_back(self, name: str, left: Collection[str]) -> set[str]:
        """Remove what was announced of these cars, and elsewhere of those that are here.

        Returns the places: a car that is told there as well has to be told anew.
        """
        cleared = set[str]()
        for subject, old in tuple(self._row(name).items()):
            if subject in left:
                self._now.pop((name, subject), None)
                stale = old.places
            elif (now := self._now.get((name, subject))) is not None:
                stale = old.places - now.places
            else:
                continue
            if stale or subject in left:
                cleared |= self._clear(name, subject, stale)
            else:
                self._clearing.pop((name, subject), None)
        return cleared

    def take_back_account(self, name: str) -> set[str]:
        """Remove everything of an account that was removed, as far as it is written down."""
        return self.take_back(name, tuple(self._row(name)))

    def leave(self, name: str) -> None:
        """Leave an account to another bridge, which goes on from what is written down."""
        self._rows.pop(name, None)
        self._unsaved.discard(name)
        for key in [key for key in self._now if key[0] == name]:
            del self._now[key]
        for key in [key for key in self._clearing if key[0] == name]:
            del self._clearing[key]

    def is_gone(self, level: str, layout: Layout) -> bool:
        """Return whether a car was told here that is gone, and it is ours to say so."""
        return self._record.answers(layout) and level in self._gone()

    # What is kept

    def _row(self, name: str) -> dict[str, Announced]:
        if name not in self._rows:
            self._rows[name] = _opened(self._record.read(name))
        return self._rows[name]

    def _save(self, name: str) -> None:
        row = {subject: one.to_json() for subject, one in self._rows[name].items()}
        if self._record.write(name, row or None):
            self._unsaved.discard(name)
        else:
            self._unsaved.add(name)

    def _gone(self) -> list[str]:
        kept = self._record.read(GONE)
        levels = kept.get(_TOPICS) if isinstance(kept, Mapping) else None
        return list(filter(_is_text, levels)) if isinstance(levels, list) else []

    def _keep_gone(self, changed: Callable[[list[str]], list[str]]) -> None:
        before = self._gone()
        if (after := changed(before)) != before:
            self._record.write(GONE, {_TOPICS: after[-_MOST_GONE:]})

    # Taking back

    def _clear(self, name: str, subject: str, stale: frozenset[str]) -> frozenset[str]:
        """Remove what is retained; it is forgotten once the broker has confirmed that."""
        key = (name, subject)
        pending = self._clearing.get(key)
        if pending is not None and pending.stale == stale:
            return frozenset()
        places = stale.difference(self._held_elsewhere(key)) if stale else stale
        topics = [topic for place in _in_order(places) for topic in place]
        clearing = self._clearing[key] = _Clearing(stale=stale, waiting=set(topics))
        for topic in topics:
            sent = partial(self._sent, key, clearing, topic)
            self._outbox.put(topic, "", retain=True, qos=1, sent=sent)
        if not topics:
            self._settle(key)
        return places

    def _held_elsewhere(self, key: tuple[str, str]) -> Iterator[str]:
        """Yield what others tell: the same car by another account, or another bridge.

        What another car of this bridge tells is told anew instead: of its predecessor with
        the same topics there may be more.
        """
        kept = {name: _opened(row) for name, row in self._record.rows()}
        for name, row in {**kept, **self._rows}.items():
            for subject, one in row.items():
                other = (name, subject)
                now = self._now.get(other)
                if other == key or (now is None and other in self._clearing):
                    continue
                if now is None:
                    yield from one.places
                elif subject == key[1]:
                    yield from now.places

    def _sent(self, key: tuple[str, str], clearing: _Clearing, topic: str) -> None:
        """Note that the broker has removed a topic, or something newer is there."""
        clearing.waiting.discard(topic)
        if not clearing.waiting and self._clearing.get(key) is clearing:
            self._settle(key)

    def _settle(self, key: tuple[str, str]) -> None:
        """Forget what is removed; of a car remember that it was here."""
        name, subject = key
        del self._clearing[key]
        row, now = self._rows[name], self._now.get(key)
        if now is not None:
            row[subject] = now
        elif (level := row.pop(subject).level) is not None and not any(
            one.level == level for one in self._now.values()
        ):
            self._keep_gone(
                lambda gone: [*(one for one in gone if one != level), level]
            )
        self._save(name)
        if not row:
            del self._rows[name]


def _is_text(kept: object) -> TypeIs[str]:
    """Return whether it is a text that UTF-8 can write, as files and brokers take it."""
    return isinstance(kept, str) and kept.encode(errors="ignore").decode() == kept


def _is_place(kept: object) -> bool:
    """Return whether it can be where something is retained.

    A broker ends the connection for a topic that is none, and would for ever.
    """
    return (
        _is_text(kept)
        and 0 < len(kept.encode()) <= _LONGEST_PLACE
        and not set(kept.removesuffix(_EVERYTHING)) & _NO_TOPIC
    )


def _opened(kept: object) -> dict[str, Announced]:
    """Return a row as it was kept; damage costs what is damaged."""
    row = kept if isinstance(kept, Mapping) else {}
    found = {subject: Announced.from_json(data) for subject, data in row.items()}
    return {subject: one for subject, one in found.items() if one is not None}


def _in_order(places: Iterable[str]) -> Iterator[Iterable[str]]:
    """Yield the topics of each place; devices go before what their entities listen to."""
    for place in sorted(places, key=lambda one: (one.endswith(_EVERYTHING), one)):
        below = place.removesuffix(_EVERYTHING)
        if below == place:
            yield (place,)
        else:
            yield (f"{below}/{level}" for level in _RETAINED)
