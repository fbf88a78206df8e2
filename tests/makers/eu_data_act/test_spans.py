"""Times: exact ones, and spans where the format has none."""

from datetime import timedelta

from carport.car import signals as s
from carport.car.snapshot import Reading, Snapshot
from carport.makers.eu_data_act import keys
from carport.makers.eu_data_act.spans import Memory

from .deliveries import Reader, at, delivered, document, flat_document

LEVEL = keys.LEVEL_REPORT
OUTDOOR = keys.OUTDOOR_TEMPERATURES[0]


def test_span_lies_between_two_deliveries() -> None:
    """A value that has come up is younger than the delivery in which it was missing."""
    reader = Reader()
    reader.take(
        delivered(at("08:00:00"), document({OUTDOOR: "5"}, "2026-11-20T07:58:00Z"))
    )
    reader.take(
        delivered(at("08:15:00"), document({LEVEL: "60"}, "2026-11-20T08:11:00Z"))
    )
    found = reader.snapshot.readings["battery_level"]
    assert found.not_before == at("08:00:00")
    assert found.captured_at == at("08:11:00")
    assert found.changed_at is None


def test_changed_value_says_since_which_delivery() -> None:
    """A value in another's place has the delivery's time, also where its time is old."""
    reader = Reader()
    for clock, level in (("08:00:00", "60"), ("08:15:00", "61")):
        delivery = document({LEVEL: level}, "2026-11-20T07:58:00Z")
        reader.take(delivered(at(clock), delivery))
    found = reader.snapshot.readings["battery_level"]
    assert found.value == 61.0
    assert found.changed_at == at("08:15:00")
    assert found.captured_at == at("07:58:00")


def test_repeated_capture_time_is_no_new_measurement() -> None:
    """Most deliveries of a sleeping car repeat the last one."""
    reader = Reader()
    same = document({LEVEL: "60"}, "2026-11-20T07:58:00Z")
    assert reader.take(delivered(at("08:00:00"), same))
    assert reader.take(delivered(at("08:15:00"), same)) == {}
    confirmed = document({LEVEL: "60"}, "2026-11-20T08:20:00Z")
    reader.take(delivered(at("08:30:00"), confirmed))
    found = reader.snapshot.readings["battery_level"]
    assert found.captured_at == at("08:20:00")
    # It may still be the value of the first delivery, told once more.
    assert found.not_before is not None
    assert found.not_before < at("08:00:00")


def test_pain_30_old_inner_time_refuses_nothing() -> None:
    """A delivery whose reports are hours late is taken all the same."""
    reader = Reader()
    late = document({LEVEL: "60"}, "2026-11-20T04:00:00Z", "2026-11-19T23:00:00Z")
    assert reader.take(delivered(at("08:00:00"), late)) == {"battery_level": 60.0}
    later = document({LEVEL: "58"}, "2026-11-20T04:10:00Z")
    reader.take(delivered(at("08:15:00"), later))
    assert reader.value("battery_level") == 58.0
    found = reader.snapshot.readings["battery_level"]
    assert found.captured_at == at("04:10:00")
    assert found.not_before is not None
    assert found.not_before <= found.captured_at


def test_pain_34_time_in_the_future_is_the_deliverys() -> None:
    """A car that stamps local time as UTC is an hour or two ahead."""
    reader = Reader()
    ahead = flat_document({keys.FLAT_MILEAGE: ("41822", "2026-11-20T10:00:00Z")})
    reader.take(delivered(at("08:15:00"), ahead))
    assert reader.snapshot.readings["odometer"].captured_at == at("08:15:00")
    dotted = document({LEVEL: "60"}, "2026-11-20T09:30:00+01:00", "1795248669208")
    reader.take(delivered(at("08:30:00"), dotted))
    assert reader.snapshot.readings["battery_level"].captured_at == at("08:30:00")


def test_offsets_and_epochs_are_times() -> None:
    """A time may have an offset, or be milliseconds."""
    reader = Reader()
    reader.take(
        delivered(at("08:30:00"), document({LEVEL: "60"}, "2026-11-20T09:20:00+01:00"))
    )
    assert reader.snapshot.readings["battery_level"].captured_at == at("08:20:00")


def test_without_any_time_the_delivery_is_the_bound() -> None:
    """A request for a part of the data brings values without a single time."""
    reader = Reader()
    reader.take(delivered(at("08:00:00"), document({LEVEL: "60"})))
    found = reader.snapshot.readings["battery_level"]
    assert found.captured_at == at("08:00:00")
    assert found.not_before == at("07:45:00")


def test_exact_time_of_both_spellings() -> None:
    """Where a value has a time of its own that is the better one."""
    reader = Reader()
    told = document({keys.LOCKED[0]: "false"}, "2026-11-20T07:50:00Z")
    told["Data"] += flat_document(
        dict.fromkeys(keys.DOOR_LOCKS, ("2", "2026-11-20T07:55:00Z"))
    )["Data"]
    reader.take(delivered(at("08:00:00"), told))
    assert reader.value("doors_locked") is True
    assert reader.snapshot.readings["doors_locked"].captured_at == at("07:55:00")
    assert "doors_locked" in reader.last.contradictions


def test_freshest_copy_and_never_another_of_the_same_age() -> None:
    """Of one key's entries the freshest counts; equals give the same value every time."""
    told = flat_document({keys.FLAT_MILEAGE: ("100", "2026-11-20T07:00:00Z")})
    more = flat_document({keys.FLAT_MILEAGE: ("120", "2026-11-20T07:30:00Z")})
    for documents in ((told, more), (more, told)):
        reader = Reader()
        reader.take(delivered(at("08:00:00"), *documents))
        assert reader.value("odometer") == 120.0
    one = document({LEVEL: "60"})
    two = document({LEVEL: "62"})
    levels = set()
    for documents in ((one, two), (two, one)):
        reader = Reader()
        reader.take(delivered(at("08:00:00"), *documents))
        levels.add(reader.value("battery_level"))
        assert LEVEL in reader.last.contradictions
    assert len(levels) == 1


def test_memory_outlives_a_restart() -> None:
    """A repetition after a restart is still no new measurement."""
    reader = Reader()
    same = document({LEVEL: "60"}, "2026-11-20T07:58:00Z")
    reader.take(delivered(at("08:00:00"), same))
    kept = reader.memory.to_json()
    reader.memory = Memory.from_json(kept)
    assert reader.memory.to_json() == kept
    assert reader.take(delivered(at("08:15:00"), same)) == {}


def test_memory_that_is_damaged_is_forgotten() -> None:
    """Whatever stands in the file, there is a memory."""
    assert not Memory.from_json(None).known
    assert not Memory.from_json(
        {"known": {"a": [1, 2], "b": "x", "c": ["v", "x", 0, 0]}}
    ).known
    assert Memory.from_json({"last_created": 1e400}).last_created is None


def _exact(value: bool, clock: str) -> Reading:
    return Reading(
        signal=s.CHARGING,
        value=value,
        captured_at=at(clock),
        received_at=at(clock),
        channel="other",
    )


def test_exact_reading_of_another_door() -> None:
    """It gives way to a changed value of a later delivery, never to a repeated one."""
    reader = Reader()
    mode = {keys.CHARGE_STATE: "CHARGE_STATE_READY_FOR_CHARGING"}
    reader.take(delivered(at("08:00:00"), document(mode, "2026-11-20T07:58:00Z")))
    exact = Snapshot().merge([_exact(True, "08:05:00")]).snapshot
    confirmed = delivered(at("08:15:00"), document(mode, "2026-11-20T08:10:00Z"))
    reader.take(confirmed)
    assert exact.merge(reader.last.readings).snapshot.value(s.CHARGING) is True
    mode = {keys.CHARGE_STATE: "CHARGE_STATE_CHARGING_HV_BATTERY"}
    reader.take(delivered(at("08:30:00"), document(mode, "2026-11-20T08:20:00Z")))
    mode = {keys.CHARGE_STATE: "CHARGE_STATE_READY_FOR_CHARGING"}
    reader.take(
        delivered(
            at("08:30:00") + timedelta(minutes=15),
            document(mode, "2026-11-20T08:20:00Z"),
        )
    )
    assert exact.merge(reader.last.readings).snapshot.value(s.CHARGING) is False
