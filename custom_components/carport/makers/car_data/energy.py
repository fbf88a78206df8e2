"""The energy a car has charged in all, by BMW's list of charges: one call after each."""

from datetime import datetime

from ...car.energy import EnergyCount
from ...car.history import ChargeSession
from ...cloud.account_state import AccountState


class EnergyMeter:
    """Counts for the cars of one account, over restarts."""

    def __init__(self, state: AccountState) -> None:
        """Go on from what was kept."""
        self._state = state
        self._counts: dict[str, EnergyCount] = {}

    async def shown(self, vin: str, now: datetime) -> float:
        """Return the kWh so far; counting begins when it is first asked for."""
        count = self._counts.get(vin)
        count = count or EnergyCount.from_json(self._state.document(_key(vin)))
        if count is None:
            count = EnergyCount(since=now)
            await self._state.keep_document(_key(vin), count.to_json())
        self._counts[vin] = count
        return float(count.shown)

    async def add(self, vin: str, sessions: list[ChargeSession], now: datetime) -> bool:
        """Count charges that are over; return whether there was a new one."""
        await self.shown(vin, now)
        before = self._counts[vin]
        after = self._counts[vin] = before.after(sessions)
        if after.counted == before.counted:
            return False
        await self._state.keep_document(_key(vin), after.to_json())
        return True


def _key(vin: str) -> str:
    return f"energy_{vin.lower()}"
