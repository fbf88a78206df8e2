"""Usual times, learnt."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
import json
import zlib
from zoneinfo import ZoneInfo

import pytest

from carport.car import signals as s
from carport.car.signals import Position
from carport.car.snapshot import Snapshot
from carport.cloud.habits import Habits
from tests.snapshots import reported

MONDAY = datetime(2026, 11, 23, 7, 40, tzinfo=UTC)
VIN = "WVWZZZSMUGW000001"


def leave(habits: Habits, when: datetime, kilometres: float = 22.5) -> bool:
    """Let a car leave at a time; only its arrival is seen, by the odometer."""
    before = reported(when - timedelta(hours=10), (s.ODOMETER, 1000.0))
    arrival = when + timedelta(hours=kilometres / 45)
    after = reported(arrival, (s.ODOMETER, 1000.0 + kilometres))
    return habits.learn(VIN, before, after, arrival + timedelta(minutes=20))


def expects(habits: Habits, when: datetime, vin: str = VIN) -> bool:
    """Return whether a car is worth a look within ten minutes."""
    return habits.next_look(vin, when, when + timedelta(minutes=10), 0.5) is not None


def test_one_workday_tells_of_the_next() -> None:
    """What happened on Monday is expected on Tuesday, but not on Saturday."""
    habits = Habits()
    assert leave(habits, MONDAY)
    tuesday, saturday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=5)
    assert expects(habits, tuesday)
    assert expects(habits, tuesday - timedelta(minutes=10))
    assert not expects(habits, tuesday + timedelta(minutes=30))
    assert not expects(habits, tuesday - timedelta(minutes=50))
    assert not expects(habits, saturday)
    assert not expects(habits, tuesday, "another")


def test_what_happens_once_is_soon_forgotten() -> None:
    """The more days like it go by without, the fewer looks; then there are none."""
    habits = Habits()
    nothing = reported(MONDAY)
    habits.learn(VIN, nothing, nothing, MONDAY - timedelta(days=7))
    leave(habits, MONDAY)

    def looks(days: int) -> int:
        start = MONDAY + timedelta(days=days, hours=-1)
        end, count = start + timedelta(hours=2), 0
        while (look := habits.next_look(VIN, start, end, 0.5)) is not None:
            start, count = look, count + 1
        return count

    assert looks(5) == 0
    assert looks(1) > looks(9) > 0
    assert looks(14) > 0
    assert looks(35) == 0


def test_a_likely_time_is_looked_at_most_closely() -> None:
    """Looks come closer towards the usual minute, and part again after it."""
    habits = Habits()
    leave(habits, MONDAY)
    moment = MONDAY + timedelta(days=1, hours=-1)
    looks = [moment]
    while (
        look := habits.next_look(VIN, moment, moment + timedelta(hours=1), 0.5)
    ) is not None:
        looks.append(moment := look)
    gaps = [after - before for before, after in pairwise(looks)]
    closest = looks[gaps.index(min(gaps))]
    assert abs(closest - (MONDAY + timedelta(days=1))) < timedelta(minutes=12)
    assert gaps[0] > 2 * min(gaps) < gaps[-1]


def test_three_days_like_it_make_a_day_known() -> None:
    """Until then a car is to be got to know."""
    habits = Habits()
    nothing = reported(MONDAY)
    assert not habits.knows(VIN, MONDAY)
    habits.learn(VIN, nothing, nothing, MONDAY)
    assert not habits.knows(VIN, MONDAY + timedelta(days=2))
    assert habits.knows(VIN, MONDAY + timedelta(days=3))
    assert not habits.knows(VIN, MONDAY + timedelta(days=5))
    assert habits.knows(VIN, MONDAY + timedelta(days=13))


def test_a_charging_start_is_a_habit_too() -> None:
    """A timer in the car starts at the same time every night."""
    habits = Habits()
    start = MONDAY.replace(hour=1, minute=5)
    before = reported(start - timedelta(hours=4), (s.CHARGING, False))
    after = reported(start, (s.CHARGING, True))
    assert habits.learn(VIN, before, after, start + timedelta(minutes=3))
    assert not habits.learn(VIN, after, after, start + timedelta(minutes=6))
    assert expects(habits, start + timedelta(days=1))


def test_without_an_odometer_the_plug_tells_of_a_departure() -> None:
    """It is pulled just before; a car with an odometer tells better itself."""
    habits = Habits()
    night = MONDAY - timedelta(hours=10)
    seen = MONDAY + timedelta(minutes=20)
    plugged, pulled = (
        reported(night, (s.PLUGGED_IN, True)),
        reported(MONDAY, (s.PLUGGED_IN, False)),
    )
    assert habits.learn(VIN, plugged, pulled, seen)
    assert expects(habits, MONDAY + timedelta(days=1))
    assert not habits.learn(VIN, pulled, pulled, seen)
    assert not habits.learn(VIN, pulled, plugged, seen)
    driven = reported(MONDAY, (s.PLUGGED_IN, False), (s.ODOMETER, 1000.0))
    assert not Habits().learn(VIN, plugged, driven, seen)


def test_driving_on_is_no_new_departure() -> None:
    """Nor is a distance so small that the car was only moved."""
    habits = Habits()
    home = Position(latitude=38.95, longitude=-77.34)
    away = Position(latitude=38.99, longitude=-77.34)
    on_the_way = reported(
        MONDAY, (s.ODOMETER, 1000.0), (s.LOCATION, away), (s.PARKED_LOCATION, home)
    )
    further = reported(MONDAY + timedelta(minutes=5), (s.ODOMETER, 1005.0))
    assert not habits.learn(VIN, on_the_way, further, MONDAY + timedelta(minutes=6))
    moving = reported(MONDAY, (s.ODOMETER, 1000.0), (s.MOVING, True))
    assert not habits.learn(VIN, moving, further, MONDAY + timedelta(minutes=6))
    assert not leave(habits, MONDAY, kilometres=0.2)


def test_charging_after_an_arrival_is_no_habit_of_its_own() -> None:
    """Plugging in belongs to coming home, which is watched anyway."""
    habits = Habits()
    leave(habits, MONDAY)
    start = MONDAY + timedelta(minutes=35)
    before = reported(start - timedelta(minutes=3), (s.CHARGING, False))
    after = reported(start, (s.CHARGING, True))
    assert not habits.learn(VIN, before, after, start + timedelta(minutes=30))


def test_a_departure_that_nobody_saw_covers_a_span() -> None:
    """A car found charging left some time between the looks; all of it counts."""
    habits = Habits()
    seen_parked = MONDAY - timedelta(minutes=50)
    before = reported(seen_parked, (s.ODOMETER, 1000.0), (s.CHARGING, False))
    home = MONDAY + timedelta(minutes=30)
    after = reported(home, (s.ODOMETER, 1022.5), (s.CHARGING, True))
    assert habits.learn(VIN, before, after, home + timedelta(minutes=10))
    tuesday = MONDAY + timedelta(days=1)
    for minutes, expected in ((-80, False), (-50, True), (-25, True), (0, True)):
        assert expects(habits, tuesday + timedelta(minutes=minutes)) is expected


def test_the_last_look_tells_when_it_was_still_there() -> None:
    """A long way may have been driven fast or slowly; a look narrows it down."""
    before = reported(MONDAY - timedelta(hours=10), (s.ODOMETER, 1000.0))
    arrival = MONDAY + timedelta(minutes=70)
    after = reported(arrival, (s.ODOMETER, 1090.0))
    spans = []
    for looked in (None, MONDAY - timedelta(minutes=3)):
        habits = Habits()
        assert habits.learn(VIN, before, after, arrival, looked)
        _, _, first, last = habits.to_json()[VIN]["events"][0]
        assert first <= 7 * 60 + 40 <= last
        spans.append((first, last))
    assert spans[0][0] < spans[1][0] == 7 * 60 + 37
    assert spans[0][1] == spans[1][1]


def test_a_departure_around_midnight_counts_for_both_days() -> None:
    """Nobody knows on which side of it the car left."""
    habits = Habits()
    midnight = MONDAY.replace(hour=0, minute=0)
    seen_parked = midnight - timedelta(minutes=20)
    before = reported(seen_parked, (s.ODOMETER, 1000.0), (s.CHARGING, False))
    home = midnight + timedelta(minutes=50)
    after = reported(home, (s.ODOMETER, 1022.5), (s.CHARGING, True))
    assert habits.learn(VIN, before, after, home + timedelta(minutes=10))
    days = [event[0] for event in habits.to_json()[VIN]["events"]]
    assert days == ["2026-11-22", "2026-11-23"]
    assert expects(habits, midnight + timedelta(days=1, minutes=5))


def test_each_place_has_its_own_times() -> None:
    """A car at work does not leave when it leaves home; no place can be read."""
    habits = Habits()
    home = Position(latitude=38.95, longitude=-77.34)
    work = Position(latitude=38.75, longitude=-77.14)
    before = reported(
        MONDAY - timedelta(hours=9), (s.ODOMETER, 1000.0), (s.PARKED_LOCATION, home)
    )
    arrival = MONDAY + timedelta(minutes=30)
    at_work = reported(arrival, (s.ODOMETER, 1022.5), (s.PARKED_LOCATION, work))
    assert habits.learn(VIN, before, at_work, arrival + timedelta(minutes=5))
    tuesday = MONDAY + timedelta(days=1)
    assert not expects(habits, tuesday)
    at_home = reported(arrival, (s.ODOMETER, 1022.5), (s.PARKED_LOCATION, home))
    habits.learn(VIN, at_home, at_home, tuesday - timedelta(hours=3))
    assert expects(habits, tuesday)
    text = json.dumps(habits.to_json())
    assert "38.95" not in text
    assert expects(Habits.from_json(json.loads(text)), tuesday)


def test_5_8_places_are_kept_salted_or_not_at_all() -> None:
    """A list of all squares does not tell where; what was kept without salt gets one."""
    home = Position(latitude=38.95, longitude=-77.34)
    bare = f"{zlib.crc32(b'38.95,-77.34'):08x}"
    event = [MONDAY.date().isoformat(), bare, 440, 450]
    kept = {VIN: {"since": "2026-11-20", "place": bare, "events": [event]}}
    one, other = (Habits.from_json(kept) for _ in range(2))
    places = {one.to_json()[VIN]["place"], other.to_json()[VIN]["place"]}
    assert len(places) == 2
    assert bare not in json.dumps([one.to_json(), other.to_json()])
    # It is still the same place for the habits themselves.
    again = Habits.from_json(json.loads(json.dumps(one.to_json())))
    parked = reported(MONDAY, (s.ODOMETER, 1000.0), (s.PARKED_LOCATION, home))
    again.learn(VIN, parked, parked, MONDAY)
    told = again.to_json()[VIN]
    assert told["place"] == one.to_json()[VIN]["place"] == told["events"][0][1]
    assert again.forget_places()
    told = again.to_json()[VIN]
    assert (told["place"], told["events"][0][1]) == ("", "")
    assert not again.forget_places()


def test_the_next_look_may_be_tomorrow() -> None:
    """Looked for within a span, also over midnight."""
    habits = Habits()
    late = MONDAY.replace(hour=0, minute=10)
    leave(habits, late)
    tuesday = late + timedelta(days=1)
    evening = tuesday - timedelta(hours=2)
    found = habits.next_look(VIN, evening, evening + timedelta(hours=3), 0.5)
    assert found is not None
    assert abs(found - tuesday) < timedelta(minutes=20)
    assert habits.next_look(VIN, evening, evening + timedelta(hours=1), 0.5) is None
    assert habits.next_look("another", evening, tuesday, 0.5) is None


def test_people_live_by_local_time() -> None:
    """Sunday evening in Washington is no workday, whatever it is in UTC."""
    zone = ZoneInfo("America/New_York")
    habits = Habits(zone)
    leave(habits, datetime(2026, 11, 22, 20, 40, tzinfo=zone))
    assert not expects(habits, datetime(2026, 11, 23, 20, 40, tzinfo=zone))
    assert expects(habits, datetime(2026, 11, 29, 20, 40, tzinfo=zone))
    start = datetime(2026, 11, 29, 20, 0, tzinfo=zone)
    found = habits.next_look(VIN, start, start + timedelta(hours=1), 0.5)
    assert found is not None
    assert found > datetime(2026, 11, 29, 20, 10, tzinfo=zone)


def test_a_restart_forgets_nothing() -> None:
    """Habits survive as JSON; old days fall out."""
    habits = Habits()
    leave(habits, MONDAY)
    again = Habits.from_json(json.loads(json.dumps(habits.to_json())))
    assert again.to_json() == habits.to_json()
    assert expects(again, MONDAY + timedelta(days=1))
    leave(again, MONDAY + timedelta(days=40, hours=2))
    assert [event[0] for event in again.to_json()[VIN]["events"]] == ["2027-01-02"]
    assert Habits.from_json(None).to_json() == {}


@pytest.mark.parametrize("missing", ["odometer", "times"])
def test_without_readings_nothing_is_learnt(missing: str) -> None:
    """A car that says nothing has no habits."""
    habits = Habits()
    before = Snapshot() if missing == "odometer" else reported(MONDAY)
    after = reported(MONDAY, (s.ODOMETER, 5.0))
    assert not habits.learn(VIN, before, after, MONDAY)


@pytest.mark.parametrize("change", [date(2026, 10, 25), date(2026, 3, 29)])
def test_8_1_half_past_seven_stays_half_past_seven(change: date) -> None:
    """A look that is planned before the clock is changed comes when it is time."""
    berlin = ZoneInfo("Europe/Berlin")
    habits = Habits(berlin)
    morning = datetime.combine(change, time(7, 30), berlin)
    for weeks in range(6, 0, -1):
        for days in (0, -1):
            left = morning + timedelta(days=days, weeks=-weeks)
            leave(habits, left.astimezone(UTC))
    night = datetime.combine(change, time(0, 30), berlin).astimezone(UTC)
    look = habits.next_look(VIN, night, night + timedelta(hours=12), 0.5)
    assert look is not None
    assert abs(look - morning.astimezone(UTC)) < timedelta(minutes=35)
