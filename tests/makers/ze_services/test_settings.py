"""Calendar and notification settings of ZE Services, over real HTTP."""

from datetime import time

import pytest

from carport.car import commands as c, signals as s
from carport.car.commands import CommandKind, SetNotifications, SetSchedule
from carport.car.schedule import Schedule, Slot, Weekday, Window
from carport.cloud.contract import Car, Progress
from carport.cloud.errors import BadAnswer, CloudError

from .account import ZeAccount
from .calendars import week

OFFBOARD = "/api/vehicle/*/charge/scheduler/offboard"

# The calendar


async def test_the_calendar_goes_to_the_car_and_back(
    signed_in: ZeAccount, zoe: Car
) -> None:
    """Written, sent, obeyed by the car, overridden, and switched off."""
    world, service = signed_in.world, signed_in.service
    wanted = week()
    limits = service.commands(zoe, set())[CommandKind.SET_SCHEDULE]
    command = SetSchedule(schedule=wanted)
    assert command.violation(limits) is None
    ticket = await signed_in.send(zoe, command)
    assert [call.method for call in world.control.calls(f"{OFFBOARD}*")] == [
        "PUT",
        "POST",
    ]
    look, snapshot = await signed_in.look(zoe, ticket)
    assert look.progress is Progress.DONE
    shown = snapshot.value(s.SCHEDULE)
    assert shown is not None
    assert shown.agrees(wanted)
    assert snapshot.value(s.CHARGE_MODE) == "scheduled"
    # It is Saturday, eight o'clock: this car waits until two in the afternoon.
    twin = world.simulator.twin(zoe.vin)
    twin.state.battery_level = 60
    await world.advance(3600)
    assert not world.simulator.twin(zoe.vin).state.charging
    await world.advance(5 * 3600)
    assert world.simulator.twin(zoe.vin).state.charging
    await world.advance(20 * 60)
    assert not world.simulator.twin(zoe.vin).state.charging
    await signed_in.send(zoe, c.StartCharging())
    await world.advance(60)
    assert world.simulator.twin(zoe.vin).state.charging
    off = await signed_in.send(zoe, SetSchedule(schedule=week(active=False)))
    look, snapshot = await signed_in.look(zoe, off)
    assert look.progress is Progress.DONE
    assert snapshot.value(s.CHARGE_MODE) == "immediate"
    kept = snapshot.value(s.SCHEDULE)
    assert kept is not None
    assert not kept.active


@pytest.mark.parametrize(
    ("schedule", "rule"),
    [
        (Schedule(slots=week().slots[:2]), "every_day_needed"),
        (week(fri=Window(start=time(23, 5), end=time(6))), "off_step"),
        (week(fri=Window(start=time(23), end=time(22, 50))), "off_step"),
        (week(fri=Window(start=time(23), end=time(23))), "window_too_long"),
        (week(fri=Window(start=time(22), end=time(15))), "windows_overlap"),
        (
            Schedule(
                slots=(
                    *week().slots,
                    Slot(
                        number=4,
                        enabled=True,
                        days=frozenset({Weekday.FRIDAY}),
                        charge_window=Window(start=time(12), end=time(13)),
                    ),
                )
            ),
            "one_slot_a_day",
        ),
        (
            Schedule(
                slots=(
                    *week().slots,
                    Slot(
                        number=4,
                        enabled=True,
                        charge_window=Window(start=time(12), end=time(13)),
                    ),
                )
            ),
            "days_missing",
        ),
        (
            Schedule(
                slots=(
                    *week().slots,
                    Slot(
                        number=4,
                        enabled=False,
                        days=frozenset({Weekday.FRIDAY}),
                        charge_window=Window(start=time(12), end=time(13)),
                    ),
                )
            ),
            "no_slot_switch",
        ),
        (
            Schedule(
                slots=(
                    Slot(
                        number=1,
                        enabled=True,
                        days=frozenset(Weekday),
                        departure=time(7),
                    ),
                )
            ),
            "no_departures",
        ),
    ],
)
def test_what_the_calendar_cannot_say(
    signed_in: ZeAccount, zoe: Car, schedule: Schedule, rule: str
) -> None:
    """It is explained before anything is sent."""
    limits = signed_in.service.commands(zoe, set())[CommandKind.SET_SCHEDULE]
    wrong = SetSchedule(schedule=schedule).violation(limits)
    assert wrong is not None
    assert rule in wrong.allowed


async def test_a_calendar_the_cloud_refuses(signed_in: ZeAccount, zoe: Car) -> None:
    """Nothing is deployed then."""
    broken = Schedule(slots=week().slots[:1])
    with pytest.raises(CloudError) as caught:
        await signed_in.send(zoe, SetSchedule(schedule=broken))
    assert caught.value.status == 400
    assert not signed_in.world.control.calls(f"{OFFBOARD}/deploy")


async def test_an_old_calendar_is_no_contradiction(
    signed_in: ZeAccount, zoe: Car
) -> None:
    """As long as the car has not heard, a look brings nothing."""
    signed_in.world.control.twin(zoe.vin, deaf=True)
    ticket = await signed_in.send(zoe, SetSchedule(schedule=week()))
    look, _ = await signed_in.look(zoe, ticket)
    assert look.progress is Progress.PENDING
    assert not look.result.readings


# Notification settings


async def test_notification_settings_are_changed_as_a_whole(
    signed_in: ZeAccount, zoe: Car
) -> None:
    """What is not named stays as it was."""
    command = SetNotifications(
        events={"charge_started": ("text",), "battery_low": ()},
        quiet=Window(start=time(18, 11), end=time(7)),
    )
    ticket = await signed_in.send(zoe, command)
    look, _ = await signed_in.look(zoe, ticket)
    assert look.progress is Progress.DONE
    found = await signed_in.run(signed_in.service.history(zoe, "notification_settings"))
    assert found["events"]["charge_started"] == ["text"]
    assert found["events"]["battery_low"] == []
    assert found["events"]["battery_low_reminder"] == ["email"]
    assert found["quiet"] == {"start": "18:11", "end": "07:00"}
    await signed_in.send(zoe, SetNotifications(events={}))
    found = await signed_in.run(signed_in.service.history(zoe, "notification_settings"))
    assert found["quiet"] is None
    look, _ = await signed_in.look(zoe, ticket)
    assert look.progress is Progress.PENDING


async def test_settings_that_are_not_known_are_not_overwritten(
    signed_in: ZeAccount, zoe: Car
) -> None:
    """A damaged answer silences nothing."""
    control = signed_in.world.control
    control.fault("change", path="*/notification", remove=["charge_problem"])
    with pytest.raises(BadAnswer):
        await signed_in.send(zoe, SetNotifications(events={"battery_low": ()}))
    assert not control.calls(method="PUT")


@pytest.mark.parametrize(
    ("events", "field"),
    [
        ({"door_open": ("email",)}, "events"),
        ({"battery_low": ("email", "text")}, "battery_low"),
        ({"battery_low": ("pigeon",)}, "battery_low"),
    ],
)
def test_notifications_have_limits(
    signed_in: ZeAccount, zoe: Car, events: dict[str, tuple[str, ...]], field: str
) -> None:
    """Known events, one way each."""
    limits = signed_in.service.commands(zoe, set())[CommandKind.SET_NOTIFICATIONS]
    wrong = SetNotifications(events=events).violation(limits)
    assert wrong is not None
    assert wrong.field == field
