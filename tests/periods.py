"""Periods as an owner in some zone asks for them: by first and last day."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from carport.car.history import Period


def days(
    first: date | None = None, last: date | None = None, zone: tzinfo = UTC
) -> Period:
    """Return the time from the start of one day to the end of another."""
    return Period(
        start=None if first is None else datetime.combine(first, time.min, zone),
        end=None
        if last is None
        else datetime.combine(last + timedelta(days=1), time.min, zone),
    )
