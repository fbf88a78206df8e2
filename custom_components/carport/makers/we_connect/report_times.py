"""The times of the status report's fields: the car's clock is local and says no zone."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from ...cloud.field_map import capture_time

_NO_TIME: Final = 2001
_QUARTER: Final = 900
_HOUR: Final = timedelta(hours=1)
_EUROPE: Final = ZoneInfo("Europe/Berlin")


def captured_at(field: Mapping[str, Any], received_at: datetime) -> datetime | None:
    """Return when the car captured a field, or failing that, when it was sent.

    The car's clock is local and names no zone: it is told by the two stamps of the
    sending, one local and one in UTC.
    """
    sent = capture_time(field.get("tsCarSentUtc"), received_at)
    captured, local = (_local(field.get(key)) for key in ("tsCarCaptured", "tsCarSent"))
    if sent is not None and captured is not None and local is not None:
        ahead = (local - sent.replace(tzinfo=None)).total_seconds()
        zone = timedelta(seconds=round(ahead / _QUARTER) * _QUARTER)
        try:
            moment = _in_utc(captured, zone, sent)
        except OverflowError:
            return sent
        return min(moment, received_at)
    return sent or capture_time(field.get("tsTssReceivedUtc"), received_at)


def _in_utc(captured: datetime, zone: timedelta, sent: datetime) -> datetime:
    """Return the moment of a local time, by the zone in which it was sent later.

    Between the two the clocks may have changed, on the same day all over Europe. Where
    the time came twice in that night, it was the later one.
    """
    plain = (captured - zone).replace(tzinfo=UTC)
    for moment in (plain + _HOUR, plain, plain - _HOUR):
        changed = _summer(moment) - _summer(sent)
        if moment <= sent and moment.replace(tzinfo=None) + zone + changed == captured:
            return moment
    return plain


def _summer(moment: datetime) -> timedelta:
    return moment.astimezone(_EUROPE).dst() or timedelta()


def _local(value: Any) -> datetime | None:
    """Return a local time; the first days of 2000 stand for none."""
    try:
        found = datetime.fromisoformat(value)
    except TypeError, ValueError:
        return None
    return found.replace(tzinfo=None) if found.year >= _NO_TIME else None
