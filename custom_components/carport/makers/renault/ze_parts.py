"""The parts of a car that are read, each in a call of its own."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from ...car.histories import ALWAYS, Period
from ...service.contract import Car, Context, ReadResult
from ...service.errors import BadAnswer
from ...service.http import Answer
from ...service.ledger import Purpose
from ...service.zones import zone
from . import ze_histories as histories, ze_notices as notices, ze_readings as readings
from .ze_calls import Calls
from .ze_orders import CALENDAR_SCOPE, CLIMATE_SCOPE, STATUS_SCOPE, allows
from .ze_wire import body_of, listed

type Read = Callable[[Car, Purpose], Awaitable[ReadResult]]


class Parts:
    """Reads one part at a time; `last_climate` is what was last said of the cabin."""

    def __init__(self, context: Context, calls: Calls) -> None:
        """Make no call yet."""
        self._clock = context.clock
        self._account = context.account
        self._calls = calls
        self.last_climate: dict[str, Mapping[str, Any]] = {}

    def often(self, car: Car) -> dict[str, Read]:
        """Return what changes by itself, as far as the owner subscribed to it."""
        return {"battery": self.battery} if allows(car, STATUS_SCOPE) else {}

    def seldom(self, car: Car) -> dict[str, Read]:
        """Return what is set rather than measured."""
        parts: tuple[tuple[str, str, Read], ...] = (
            ("calendar", CALENDAR_SCOPE, self.calendar),
            ("climate", CLIMATE_SCOPE, self.climate),
            ("climate_timer", CLIMATE_SCOPE, self.timer),
        )
        return {name: read for name, scope, read in parts if allows(car, scope)}

    async def battery(self, car: Car, purpose: Purpose) -> ReadResult:
        """Read level, range, plug and charging."""
        body = (await self._calls.get(car, readings.BATTERY, purpose)).json()
        return readings.read_battery(body, self._clock.now(), self._account).result()

    async def calendar(self, car: Car, purpose: Purpose) -> ReadResult:
        """Read when the car charges."""
        body = _object(await self._calls.get(car, readings.CALENDAR, purpose))
        return readings.read_calendar(body, self._clock.now(), self._account).result()

    async def climate(
        self, car: Car, purpose: Purpose, as_of: datetime | None = None
    ) -> ReadResult:
        """Read the last run of the climate, as things stood at a moment."""
        body = _object(await self._calls.get(car, readings.LAST_CLIMATE, purpose))
        self.last_climate[car.vin] = body
        return self.climate_from(body, as_of or self._clock.now())

    def climate_from(self, body: Mapping[str, Any], as_of: datetime) -> ReadResult:
        """Judge a run that is known: it ends by itself, and nobody says so."""
        now = self._clock.now()
        return readings.read_climate(body, now, self._account, as_of).result()

    async def timer(self, car: Car, purpose: Purpose) -> ReadResult:
        """Read when the cabin is to be conditioned."""
        body = _object(await self._calls.get(car, readings.CLIMATE_TIMER, purpose))
        now, place = self._clock.now(), await zone_of(car)
        return readings.read_timer(body, now, self._account, place).result()

    async def notices(self, car: Car, purpose: Purpose) -> Mapping[str, Any]:
        """Return the notification settings in the cloud's words."""
        return (await self._calls.get(car, notices.SETTINGS, purpose)).json()

    async def history(
        self,
        car: Car,
        path: str,
        purpose: Purpose,
        period: Period = ALWAYS,
    ) -> list[Mapping[str, Any]]:
        """Return the entries of a history in the months of a period."""
        months = histories.months(period, self._clock.now(), await zone_of(car))
        return listed(await self._calls.get(car, path, purpose, months))


async def zone_of(car: Car) -> tzinfo:
    """Return the time zone of a car's clock."""
    return await zone(car.handle.get("zone"))


def _object(answer: Answer) -> Mapping[str, Any]:
    """Return an object, empty where the cloud says that there is nothing."""
    body = body_of(answer)
    if body is None:
        return {}
    if not isinstance(body, Mapping):
        raise BadAnswer(answer.what, status=answer.status)
    return body
