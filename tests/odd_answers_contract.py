"""What every service must do with answers that are not as they should be."""

from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any, Final

from carport.car.signals import SIGNALS, Position
from carport.car.snapshot import Snapshot
from carport.cloud.contract import Car, Service
from carport.cloud.errors import CloudError
from tests.service_under_test import ServiceUnderTest, check_readings

type Path = tuple[str | int, ...]

_WORD: Final = "PERHAPS"
"""A word that no service knows."""
_LEAVES: Final = 16
"""How many leaves are tried of each car; which ones, its VIN says."""
_UNKNOWN: Final = "unknown"
_MADE_OF_PARTS: Final = (str, tuple, Position)
"""Kinds of values that are taken as they come, or of which one part may be missing."""


class OddAnswersContract:
    """The tests; each one signs in anew."""

    async def test_damaged_answers_bring_no_false_value(
        self, under_test: ServiceUnderTest
    ) -> None:
        """Each named oddity of the cloud: readings as before or fewer, or a typed error."""
        sut = under_test
        reader = await _reader(sut)
        if sut.profile.requests is None or sut.control is None:
            _expect_no_calls(sut)
            return
        requests = sut.profile.requests
        before = await reader.read()
        assert before is not None
        for damage in sut.profile.damages:
            path = requests.spoilt or requests.reads
            fault = sut.control.fault("damage", path=path, damage=damage)
            after = await reader.read()
            sut.control.clear_faults(fault.number)
            assert fault.hits, damage
            if damage not in sut.profile.harmless:
                _expect_no_false_value(before, after, damage)

    async def test_an_unknown_word_in_any_place(
        self, under_test: ServiceUnderTest
    ) -> None:
        """One leaf of the answers is something that nobody knows: the others count."""
        sut = under_test
        reader = await _reader(sut)
        if sut.profile.requests is None or sut.control is None:
            _expect_no_calls(sut)
            return
        leaves: set[Path] = set()

        def note(content: Any) -> Any:
            leaves.update(path for path, _ in _leaves(content))
            return content

        control, path = sut.control, sut.profile.requests.reads
        control.damages[_UNKNOWN] = note
        control.fault("damage", path=path, damage=_UNKNOWN)
        before = await reader.read()
        assert before is not None
        assert leaves
        rng, known = Random(sut.vin), sorted(leaves, key=str)
        for leaf in rng.sample(known, min(_LEAVES, len(known))):
            control.damages[_UNKNOWN] = _replacing(leaf)
            after = await reader.read()
            _expect_no_false_value(before, after, leaf, sut.profile.other_sources)


class _Reader:
    """Reads a car again and again as if it had just signed in."""

    def __init__(self, sut: ServiceUnderTest, car: Car) -> None:
        self._sut, self._car = sut, car
        self._saved = sut.saved()

    async def read(self) -> Snapshot | None:
        """Return what a service reads that has never read before; None if it fails."""
        sut = self._sut
        sut.restore(self._saved)
        service: Service = await sut.rebuild()
        try:
            result = await sut.run(service.read(self._car))
        except CloudError:
            return None
        check_readings(result, sut.clock.now())
        return Snapshot().merge(result.readings).snapshot


async def _reader(sut: ServiceUnderTest) -> _Reader:
    await sut.sign_in()
    return _Reader(sut, await sut.car())


def _expect_no_calls(sut: ServiceUnderTest) -> None:
    """Without a cloud there is nothing that could be odd."""
    assert not sut.profile.damages
    assert not sut.service.context.transport.ledger.counts_today()


def _expect_no_false_value(
    before: Snapshot,
    after: Snapshot | None,
    what: object,
    other_sources: frozenset[str] = frozenset(),
) -> None:
    for key, reading in (after.readings if after is not None else {}).items():
        known, signal = before.readings.get(key), SIGNALS[key]
        if reading.value is None or signal.kind in _MADE_OF_PARTS:
            continue
        if key in other_sources:
            continue
        assert known is not None, (what, key, reading.value)
        assert known.value is not None, (what, key, reading.value)
        assert signal.agree(reading.value, known.value), (what, key, reading.value)


def _leaves(content: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    inside: Mapping[Any, Any] = {}
    if isinstance(content, dict):
        inside = content
    elif isinstance(content, list):
        inside = dict(enumerate(content))
    elif path:
        yield path, content
    for key, value in inside.items():
        yield from _leaves(value, (*path, key))


def _replacing(leaf: Path) -> Callable[[Any], Any]:
    """Return what puts the unknown word in one place, where an answer has it."""

    def replace(content: Any) -> Any:
        place = content
        try:
            for key in leaf[:-1]:
                place = place[key]
            if leaf[-1] in (place if isinstance(place, dict) else range(len(place))):
                place[leaf[-1]] = _WORD
        except KeyError, IndexError, TypeError:
            pass
        return content

    return replace
