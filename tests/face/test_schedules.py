"""Timers in Home Assistant: one by one, as a whole, and on the days of a calendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from custom_components.carport.actions.occurrences import OccurrenceKind, occurrences
from custom_components.carport.car.schedule import (
    Schedule,
    ScheduleLimits,
    Slot,
    Weekday,
    Window,
)
from custom_components.carport.car.signals import SCHEDULE
from custom_components.carport.car.timers import at_time
from custom_components.carport.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from .demo_garage import ELECTRIC, HYBRID, DemoHome

BERLIN: Final = ZoneInfo("Europe/Berlin")
MONDAY: Final = datetime(2026, 11, 16, tzinfo=BERLIN)
WORKDAYS: Final = ["monday", "tuesday", "wednesday", "thursday", "friday"]
COMBUSTION: Final = "WVWZZZDEMLW000003"


def slot_of(home: DemoHome, number: int, vin: str = ELECTRIC) -> Slot:
    """Return a timer as the car itself has it."""
    schedule = home.service.twin(vin).state.schedule
    return next(slot for slot in schedule.slots if slot.number == number)


async def test_a_timer_is_a_switch_and_a_time(home: DemoHome) -> None:
    """With its days and purposes; an empty one is off and has no time."""
    await home.start()
    switch = home.state("switch", "timer_1")
    assert switch.state == "on"
    assert switch.attributes["days"] == WORKDAYS
    assert switch.attributes["climate"] is True
    assert home.state("time", "timer_1_time").state == "07:15:00"
    assert home.state("switch", "timer_2").state == "off"
    assert home.state("switch", "timer_3").state == "off"
    assert home.state("time", "timer_3_time").state == "unknown"
    assert not home.knows("switch", "timer_4")
    assert not home.knows("switch", "timer_1", COMBUSTION)
    assert not home.knows("calendar", "schedule", COMBUSTION)


async def test_a_change_of_one_timer_leaves_the_others_alone(home: DemoHome) -> None:
    """The whole schedule is sent, proven by the car, and shown at once."""
    await home.start()
    before = home.service.twin(ELECTRIC).state.schedule
    entity_id = home.entity_id("switch", "timer_2")
    work = home.begin("switch", "turn_on", {"entity_id": entity_id})
    await home.settle()
    assert home.state("switch", "timer_2").state == "on"
    assert not slot_of(home, 2).enabled
    await home.finish(work)
    assert slot_of(home, 2) == replace(before.slots[1], enabled=True)
    assert slot_of(home, 1) == before.slots[0]
    assert home.car().receipts[-1].outcome == "confirmed"
    await home.call("switch", "turn_off", {"entity_id": entity_id})
    assert home.state("switch", "timer_2").state == "off"


async def test_a_time_is_set_to_the_minute(home: DemoHome) -> None:
    """Days and purposes stay; what the car's steps do not fit is explained."""
    await home.start()
    target = {"entity_id": home.entity_id("time", "timer_1_time")}
    await home.call("time", "set_value", {**target, "time": "06:40:30"})
    assert slot_of(home, 1).departure == time(6, 40)
    assert len(slot_of(home, 1).days) == 5
    assert home.state("time", "timer_1_time").state == "06:40:00"
    with pytest.raises(ServiceValidationError) as caught:
        await home.call("time", "set_value", {**target, "time": "06:41:00"})
    assert str(caught.value) == (
        "The car cannot take this schedule, so nothing was sent: "
        "timer 1: times have to be in steps of 5 minutes"
    )
    assert slot_of(home, 1).departure == time(6, 40)


async def test_an_empty_timer_is_begun_by_its_time(home: DemoHome) -> None:
    """It rests at first, for every day; switching on one without a time is explained."""
    await home.start()
    switch = {"entity_id": home.entity_id("switch", "timer_3")}
    with pytest.raises(ServiceValidationError) as caught:
        await home.call("switch", "turn_on", switch)
    assert "timer 3: a time is missing" in str(caught.value)
    target = {"entity_id": home.entity_id("time", "timer_3_time"), "time": "18:00:00"}
    await home.call("time", "set_value", target)
    begun = Slot(
        number=3,
        enabled=False,
        departure=time(18),
        days=frozenset(Weekday),
        charge=True,
    )
    assert slot_of(home, 3) == begun
    await home.call("switch", "turn_on", switch)
    assert slot_of(home, 3) == replace(begun, enabled=True)


def test_a_window_is_moved_as_a_whole() -> None:
    """Its length stays, past midnight too; a new one lasts an hour."""
    slot = Slot(
        number=1,
        enabled=True,
        charge_window=Window(start=time(22), end=time(3, 30)),
    )
    limits = ScheduleLimits(slots=7, departures=False, windows=True)
    assert at_time(slot, time(23), limits) == {
        "charge_window": Window(start=time(23), end=time(4, 30))
    }
    assert at_time(None, time(23, 30), limits) == {
        "charge_window": Window(start=time(23, 30), end=time(0, 30))
    }
    assert at_time(None, time(7), ScheduleLimits(slots=3)) == {"departure": time(7)}


async def test_a_whole_schedule_is_set_by_an_action(home: DemoHome) -> None:
    """Typed timers, answered by a receipt; the entities follow."""
    await home.start()
    device = home.device_id()
    answer = await home.call(
        DOMAIN,
        "set_schedule",
        {
            "device_id": device,
            "slots": [
                {
                    "number": 1,
                    "departure": "08:00",
                    "days": ["saturday", "sunday"],
                    "climate": True,
                },
                {
                    "number": 3,
                    "days": WORKDAYS,
                    "window_start": "23:00:00",
                    "window_end": "05:00:00",
                },
            ],
        },
        response=True,
    )
    assert answer[device]["outcome"] == "confirmed"
    assert home.service.twin(ELECTRIC).state.schedule == Schedule(
        slots=(
            Slot(
                number=1,
                enabled=True,
                departure=time(8),
                days=frozenset({Weekday.SATURDAY, Weekday.SUNDAY}),
                climate=True,
            ),
            Slot(
                number=3,
                enabled=True,
                days=frozenset(Weekday(day) for day in range(5)),
                charge=True,
                charge_window=Window(start=time(23), end=time(5)),
            ),
        )
    )
    assert home.state("time", "timer_2_time").state == "unknown"
    assert home.state("time", "timer_3_time").state == "23:00:00"
    assert home.state("switch", "timer_3").attributes["window_end"] == "05:00"


async def test_every_broken_rule_is_explained(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """In the language of the house, all at once, and nothing is sent."""
    hass.config.language = "de"
    await home.start()
    before = home.service.twin(HYBRID).state.schedule
    with pytest.raises(ServiceValidationError) as caught:
        await home.call(
            DOMAIN,
            "set_schedule",
            {
                "device_id": home.device_id(HYBRID),
                "slots": [
                    {"number": 9, "departure": "07:01", "days": WORKDAYS},
                    {"number": 1, "window_start": "01:00", "window_end": "02:00"},
                ],
                "preferred_start": "01:00",
                "preferred_end": "05:00",
            },
        )
    problems = (caught.value.translation_placeholders or {})["problems"].split("; ")
    assert set(problems) == {
        "das Auto kennt kein bevorzugtes Ladefenster",
        "Timer 9: Zeiten müssen auf 5 Minuten genau passen",
        "Timer 1: das Auto kennt Abfahrten, keine Ladefenster",
        "Timer 1: Tage fehlen",
        "Timer haben die Nummern 1 bis 3",
    }
    assert home.service.twin(HYBRID).state.schedule == before


@pytest.mark.parametrize(
    ("fields", "field", "allowed"),
    [
        ({"slots": [{"number": "first"}]}, "number of a timer", "1, 2, 3 …"),
        ({"slots": [{"number": 1, "departure": "noon"}]}, "departure", "HH:MM"),
        (
            {"slots": [{"number": 1, "days": ["someday"]}]},
            "days",
            "monday, tuesday, wednesday, thursday, friday, saturday, sunday",
        ),
        (
            {"slots": [{"number": 1, "window_start": "01:00"}]},
            "end of the charging window",
            "HH:MM",
        ),
        (
            {"slots": [], "preferred_end": "01:00"},
            "start of the preferred window",
            "HH:MM",
        ),
        ({"slots": [], "active": "perhaps"}, "active", "true, false"),
    ],
)
async def test_a_field_that_cannot_be_read_is_named(
    home: DemoHome, fields: dict[str, Any], field: str, allowed: str
) -> None:
    """With what it may be, before any car hears of it."""
    await home.start()
    with pytest.raises(ServiceValidationError) as caught:
        await home.call(
            DOMAIN, "set_schedule", {"device_id": home.device_id(), **fields}
        )
    assert caught.value.translation_placeholders == {"field": field, "allowed": allowed}
    assert not home.car().receipts


async def test_a_car_without_timers_says_so(home: DemoHome) -> None:
    """Nobody has to guess from a silence."""
    await home.start()
    with pytest.raises(ServiceValidationError) as caught:
        await home.call(
            DOMAIN,
            "set_schedule",
            {"device_id": home.device_id(COMBUSTION), "slots": []},
        )
    assert caught.value.translation_key == "command_not_capable"


async def test_the_calendar_shows_what_comes(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """Weekly timers are laid out on days; those that rest are not."""
    await home.start()
    entity_id = home.entity_id("calendar", "schedule")
    answer = await hass.services.async_call(
        "calendar",
        "get_events",
        {
            "entity_id": entity_id,
            "start_date_time": "2026-11-21 00:00:00",
            "duration": {"days": 7},
        },
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    found = answer[entity_id]
    assert isinstance(found, dict)
    events: Any = found["events"]
    assert [event["start"][:16] for event in events] == [
        f"2026-11-{day}T07:15" for day in range(23, 28)
    ]
    assert {event["summary"] for event in events} == {"Aurora: Departure (climate)"}
    assert {event["description"] for event in events} == {"climate"}
    shown = home.state("calendar", "schedule")
    assert shown.attributes["start_time"] == "2026-11-23 07:15:00"
    # Nobody knows what its timers were before the car was here.
    before = await hass.services.async_call(
        "calendar",
        "get_events",
        {
            "entity_id": entity_id,
            "start_date_time": "2026-11-14 00:00:00",
            "duration": {"days": 7},
        },
        blocking=True,
        return_response=True,
    )
    assert before == {entity_id: {"events": []}}
    await home.call(
        "switch", "turn_off", {"entity_id": home.entity_id("switch", "timer_1")}
    )
    assert "start_time" not in home.state("calendar", "schedule").attributes


def laid_out(*slots: Slot, active: bool = True, days: float = 7) -> list[str]:
    """Return what a week from Monday noon holds, in short."""
    start = MONDAY + timedelta(hours=12)
    schedule = Schedule(slots=slots, active=active)
    found = occurrences(schedule, start, start + timedelta(days=days), start, BERLIN)
    return [f"{one.kind} {one.start:%d.%H:%M}-{one.end:%d.%H:%M}" for one in found]


def test_a_window_past_midnight_is_one_span() -> None:
    """And what began before the span still counts."""
    window = Window(start=time(22), end=time(3))
    slot = Slot(
        number=1,
        enabled=True,
        days=frozenset({Weekday.MONDAY, Weekday.SUNDAY}),
        charge_window=window,
    )
    assert laid_out(slot) == [
        "charging 16.22:00-17.03:00",
        "charging 22.22:00-23.03:00",
    ]
    schedule = Schedule(slots=(slot,))
    night = MONDAY + timedelta(hours=1)
    (running,) = occurrences(schedule, night, night + timedelta(hours=1), night, BERLIN)
    assert running.kind is OccurrenceKind.CHARGING
    assert running.start < night < running.end


def test_a_timer_for_once_has_its_date_or_the_next_hour() -> None:
    """One that rests, or a schedule that does, has none."""
    once = Slot(number=1, enabled=True, departure=time(9))
    assert laid_out(once) == ["departure 17.09:00-17.09:15"]
    assert laid_out(replace(once, departure=time(13))) == [
        "departure 16.13:00-16.13:15"
    ]
    assert laid_out(replace(once, once_on=date(2026, 11, 20))) == [
        "departure 20.09:00-20.09:15"
    ]
    assert laid_out(replace(once, once_on=date(2026, 12, 20))) == []
    assert laid_out(replace(once, enabled=False)) == []
    assert laid_out(once, active=False) == []
    assert laid_out(Slot(number=1, enabled=True)) == []


def test_local_hours_survive_the_change_of_clocks() -> None:
    """Seven is seven by the car's own clock, summer and winter."""
    slot = Slot(
        number=1, enabled=True, departure=time(7), days=frozenset({Weekday.SUNDAY})
    )
    start = datetime(2026, 10, 17, tzinfo=BERLIN)
    found = occurrences(
        Schedule(slots=(slot,)), start, start + timedelta(days=9), start, BERLIN
    )
    assert [one.start.astimezone(UTC).hour for one in found] == [5, 6]


async def test_a_schedule_nobody_knows_cannot_be_changed(home: DemoHome) -> None:
    """A change of one timer would wipe out the others."""
    await home.start()
    entity_id = home.entity_id("switch", "timer_1")
    car = home.car()
    readings = {
        key: reading
        for key, reading in car.snapshot.readings.items()
        if key != SCHEDULE.key
    }
    car.snapshot = replace(car.snapshot, readings=readings)
    with pytest.raises(ServiceValidationError) as caught:
        await home.call("switch", "turn_off", {"entity_id": entity_id})
    assert caught.value.translation_key == "command_not_capable"


async def test_all_timers_rest_and_come_round_by_one_switch(home: DemoHome) -> None:
    """Each keeps its own setting meanwhile; the calendar is empty while they rest."""
    await home.start()
    before = home.service.twin(ELECTRIC).state.schedule
    switch = {"entity_id": home.entity_id("switch", "timers")}
    assert home.state("switch", "timers").state == "on"
    await home.call("switch", "turn_off", switch)
    assert home.service.twin(ELECTRIC).state.schedule == replace(before, active=False)
    assert home.state("switch", "timers").state == "off"
    assert home.state("switch", "timer_1").state == "on"
    assert "start_time" not in home.state("calendar", "schedule").attributes
    await home.call("switch", "turn_on", switch)
    assert home.service.twin(ELECTRIC).state.schedule == before
    assert not home.knows("switch", "timers", COMBUSTION)
