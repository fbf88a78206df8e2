"""The level of the battery, which most people report as wrong."""

import pytest

from carport.makers.eu_data_act import keys

from .deliveries import Reader, at, delivered, document, flat_document

AT_START = (
    "93b55324-6628-36df-8f76-8eba797fc59c",
    "7bddd5e7-43a4-3878-bd63-9502782f77a5",
    "bd4b6d50-b574-31e6-8141-8787ca5fec8c",
)
HIGH = {keys.LEVEL_HIGH_VOLTAGE: "63.0", keys.LEVEL_HIGH_VOLTAGE_STATE: "VALID"}
ENERGY = {keys.ENERGY_CURRENT: "486.5", keys.ENERGY_MOST: "772.0"}


def _level(*deliveries: dict[str, str]) -> tuple[float | None, set[str]]:
    reader = Reader()
    for number, values in enumerate(deliveries):
        minute = 15 * number
        time = f"2026-11-20T08:{minute:02}:00Z"
        reader.take(delivered(at(f"08:{minute + 1:02}:00"), document(values, time)))
    return reader.value("battery_level"), reader.last.contradictions


@pytest.mark.parametrize("key", AT_START)
def test_pain_28_level_at_the_start_of_the_charge_is_never_the_level(key: str) -> None:
    """Three keys of the same name say how full it was when charging began."""
    assert _level({key: "41"})[0] is None
    assert _level({keys.LEVEL_REPORT: "63", key: "41"}) == (63.0, set())
    assert _level({keys.LEVEL_REPORT: "63"}, {key: "41"})[0] == 63.0


def test_best_key_of_one_delivery() -> None:
    """The battery's own word comes first, while it says that it is valid."""
    assert _level({**HIGH, keys.LEVEL_REPORT: "62"})[0] == 63.0
    invalid = {**HIGH, keys.LEVEL_HIGH_VOLTAGE_STATE: "INVALID"}
    assert _level({**invalid, keys.LEVEL_REPORT: "62"})[0] == 62.0


def test_newer_delivery_wins_over_the_better_key() -> None:
    """What comes later counts, whichever of the two keys brings it."""
    assert _level(HIGH, {keys.LEVEL_REPORT: "66"})[0] == 66.0


def test_pain_28_level_is_checked_against_the_energy() -> None:
    """Within three points the energy bears a level out; another key may be the right one."""
    assert _level({**HIGH, **ENERGY}) == (63.0, set())
    wrong = {**HIGH, keys.LEVEL_HIGH_VOLTAGE: "41.0", keys.LEVEL_REPORT: "63"}
    assert _level({**wrong, **ENERGY}) == (63.0, {"battery_level"})


def test_energy_that_is_none_bears_nothing_out() -> None:
    """What stands in for a figure is no reason to doubt the level, and no reading."""
    stand_in = {keys.ENERGY_CURRENT: "0.0", keys.ENERGY_CURRENT_KIND: "VALUE_TYPE_INIT"}
    assert _level({**HIGH, **ENERGY, **stand_in}) == (63.0, set())
    reader = Reader()
    values = {**ENERGY, **stand_in, keys.ENERGY_MOST_KIND: "VALUE_TYPE_PHYSICAL"}
    found = reader.take(delivered(at("08:01:00"), document(values)))
    assert found == {"battery_capacity": 77.2}


def test_pain_28_doubtful_level_leaves_the_last_one() -> None:
    """Where nothing agrees with the energy the last value stays, and that is flagged."""
    doubtful = {keys.LEVEL_REPORT: "41", **ENERGY}
    assert _level({keys.LEVEL_REPORT: "64"}, doubtful) == (64.0, {"battery_level"})
    assert _level(doubtful) == (None, {"battery_level"})


def test_raw_level_only_where_there_is_no_other() -> None:
    """The whole pack's level differs from the displayed one by some points."""
    time = "2026-11-20T08:00:00Z"
    both = {keys.LEVEL_DISPLAYED: ("25", time), keys.LEVEL_RAW: ("31", time)}
    reader = Reader()
    reader.take(delivered(at("08:15:00"), flat_document(both)))
    assert reader.value("battery_level") == 25.0
    later = {keys.LEVEL_RAW: ("33", "2026-11-20T08:20:00Z")}
    reader.take(delivered(at("08:30:00"), flat_document(later)))
    assert reader.value("battery_level") == 25.0
    alone = Reader()
    alone.take(delivered(at("08:30:00"), flat_document(later)))
    assert alone.value("battery_level") == 33.0


@pytest.mark.parametrize("value", ["", "-1", "255", "full", "nan", "1e400"])
def test_level_that_is_none(value: str) -> None:
    """What no battery can be is not taken."""
    assert _level({keys.LEVEL_REPORT: value})[0] is None
