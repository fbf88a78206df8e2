"""The energy a car has charged in all, counted from its sessions and kept over restarts."""

from collections.abc import Iterable
from datetime import datetime

from ...car import signals as s
from ...car.energy import EnergyCount
from ...car.history import ChargeSession
from ...cloud.account_state import AccountState
from ...cloud.contract import Car, ReadResult


class EnergyMeter:
    """Counts for the cars of one account."""

    def __init__(self, account_state: AccountState) -> None:
        """Go on from what was kept."""
        self._account_state = account_state
        self._counts: dict[str, EnergyCount] = {}
        self._sessions: dict[str, list[ChargeSession]] = {}
        self._begun: dict[str, float] = {}
        """What was in the battery when the present charge was first seen."""

    def hear(self, car: Car, sessions: list[ChargeSession]) -> None:
        """Take the sessions that were just told."""
        self._sessions[car.vin] = sessions

    def told(self, car: Car) -> tuple[ChargeSession, ...]:
        """Return the sessions that were just told and are not counted yet."""
        return tuple(self._sessions.get(car.vin, ()))

    async def count(self, car: Car, result: ReadResult, now: datetime) -> float | None:
        """Return the kWh in all after a reading; None where the car tells no energy."""
        sessions = self._sessions.pop(car.vin, None)
        running = self._running(car, result)
        if sessions is None and running is None:
            return None
        before = self._counts.get(car.vin) or EnergyCount.from_json(
            self._account_state.document(_key(car))
        )
        if before is None and running is None and not _tells_energy(sessions):
            return None
        after = (before or EnergyCount(since=now)).after(sessions or (), running)
        self._counts[car.vin] = after
        # What the running charge showed is kept with the readings, as they rise only.
        if before is None or after.counted != before.counted:
            await self._account_state.keep_document(_key(car), after.to_json())
        return after.shown

    def _running(self, car: Car, result: ReadResult) -> float | None:
        """Return what the present charge has brought so far, by the battery's energy."""
        seen = {reading.signal.key: reading.value for reading in result.readings}
        charging = seen.get(s.CHARGING.key)
        energy = s.BATTERY_ENERGY.accept(seen.get(s.BATTERY_ENERGY.key))
        if charging is False:
            self._begun.pop(car.vin, None)
        if charging is not True or energy is None:
            return None
        return energy - self._begun.setdefault(car.vin, energy)


def _tells_energy(sessions: Iterable[ChargeSession] | None) -> bool:
    return any(one.energy is not None for one in sessions or ())


def _key(car: Car) -> str:
    return f"energy_{car.vin}"
