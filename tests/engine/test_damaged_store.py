"""A stored garage of which something is damaged (5.1)."""

from collections.abc import Callable
import json
from typing import Any, Final

import pytest

from carport.car import signals as s
from carport.cloud.cadence import Profile
from carport.engine import AccountStore, Engine, Garage, Login, MemoryStorage
from carport.engine.opening import open_kept
from simulator.clock import ManualClock

from .paper_service import NOON, VIN, Bench

OTHER: Final = "WVWZZZTESTGARAGE2"

type Damage = Callable[[dict[str, Any]], object]


def _stored() -> dict[str, Any]:
    """Return a garage of two cars as it is on disk."""
    bench = Bench({})
    bench.take(s.BATTERY_LEVEL, 50.0)
    bench.clock.step(60)
    bench.take(s.FUEL_LEVEL, 40.0)
    bench.garage.set_profile(VIN, Profile.LIVELY)
    stored: dict[str, Any] = json.loads(json.dumps(bench.garage.to_json()))
    car = json.loads(json.dumps(stored["cars"][0]))
    stored["cars"].append({**car, "vin": OTHER})
    return stored


@pytest.mark.parametrize(
    ("damage", "left"),
    [
        (lambda row: row.update(news=1), {"battery_level", "fuel_level"}),
        (
            lambda row: row["description"].update(news=1),
            {"battery_level", "fuel_level"},
        ),
        (lambda row: row["description"].update(nickname=5), None),
        (lambda row: row["description"].update(nickname="\ud83d"), None),
        (lambda row: row.update(description=None), None),
        (lambda row: row.update(profile="hectic"), None),
        (lambda row: row.update(profile=[]), None),
        (lambda row: row.update(owner={}), None),
        (lambda row: row.update(assumed=5), None),
        (lambda row: row.update(assumed={"news": 1, "charging": "x"}), None),
        (lambda row: row["snapshot"][0].update(captured_at="2026-11-"), {"fuel_level"}),
        (
            lambda row: row["snapshot"][0].update(
                captured_at="0001-01-01T00:00:00+01:00"
            ),
            {"fuel_level"},
        ),
        (lambda row: row["snapshot"].__setitem__(1, None), {"battery_level"}),
        (lambda row: row.update(snapshot="torn"), set()),
    ],
)
def test_5_1_damage_in_one_car_costs_only_what_is_damaged(
    damage: Damage, left: set[str] | None
) -> None:
    """The other car stays whole, and of this one what is sound."""
    stored = _stored()
    damage(stored["cars"][1])
    clock = Bench({}).clock
    garage = Garage(clock, lambda: None, stored)
    assert set(garage.cars) == {VIN, OTHER}
    sound, other = garage.cars[VIN], garage.cars[OTHER]
    assert sound.profile is Profile.LIVELY
    assert sound.reported(s.BATTERY_LEVEL) == 50
    assert set(other.snapshot.readings) == (
        {"battery_level", "fuel_level"} if left is None else left
    )
    json.dumps(garage.to_json(), ensure_ascii=False).encode()


@pytest.mark.parametrize("row", [None, 5, [], {}, {"vin": None}, {"vin": "short"}])
def test_5_1_what_is_no_car_is_left_out(row: Any) -> None:
    """Cars whose rows are sound are kept."""
    stored = _stored()
    stored["cars"][1] = row
    assert set(Garage(Bench({}).clock, lambda: None, stored).cars) == {VIN}


def test_5_1_an_engine_of_which_nothing_can_be_read_begins_anew(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log says so once for each, and there is something to go on with."""
    engine = Engine(MemoryStorage(), {"garage": {"cars": 5}, "guard": [1]})
    assert engine.cars == {}
    assert engine.guard.to_json()["tries"] == {}
    for what in ("garage", "guard of sign-ins"):
        assert f"The kept {what} could not be read" in caplog.text


async def test_5_1_calls_that_cannot_be_read_are_counted_anew() -> None:
    """The account opens all the same, as one that has made no calls."""
    kept = {"ledger": {"day": NOON.date().isoformat(), "counts": [3]}}
    login = Login(service="demo", region="demo", username="")
    opened = await open_kept(
        None,  # type: ignore[arg-type]  # no call is made
        login,
        AccountStore(MemoryStorage(kept)),
        account="home",
        clock=ManualClock(NOON),
    )
    assert opened.ledger.counts_today() == {}
