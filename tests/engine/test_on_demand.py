"""What is read only because somebody asks the engine for it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, override

from carport.car import signals
from carport.car.history import ALWAYS, Period
from carport.car.snapshot import Reading
from carport.cloud.cadence import Profile
from carport.cloud.contract import Car, ReadResult
from carport.engine import AccountOptions

from .paper_service import NOON, PaperService
from .running import FIRST, Running, TinyService


class HistoryService(TinyService):
    """Keeps trips, and a part that is read only when the owner asks."""

    @override
    async def history(
        self, car: Car, what: str, period: Period = ALWAYS
    ) -> Mapping[str, Any]:
        return {what: [car.vin]}

    @override
    async def read_part(self, car: Car, part: str, pin: str | None) -> ReadResult:
        self.asked = (part, pin)
        now = self.context.clock.now()
        reading = Reading(
            signal=signals.CHARGING,
            value=True,
            captured_at=now,
            received_at=now,
            channel="tiny",
        )
        return ReadResult(readings=(reading,))


async def _with_history(
    parts: frozenset[str], history: frozenset[str]
) -> tuple[Running, HistoryService]:
    info = replace(PaperService.info, parts=parts, history=history)
    running = Running(options=AccountOptions(pin="1111"))
    service = HistoryService(running.clock, "tiny", info, (FIRST,), {})
    running.service = service
    await running.open()
    return running, service


async def test_7_5_what_is_rationed_is_read_when_the_owner_asks() -> None:
    """With the owner's PIN, or that of the moment; without such a part it is nothing."""
    running, service = await _with_history(frozenset({"rationed"}), frozenset())
    for given, used in ((None, "1111"), ("2222", "2222")):
        await running.engine.read_rationed(FIRST, given)
        assert service.asked == ("rationed", used)
    assert running.engine.cars[FIRST].reported(signals.CHARGING) is True
    await running.engine.close()
    running, service = await _with_history(frozenset(), frozenset())
    await running.engine.read_rationed(FIRST)
    assert not hasattr(service, "asked")
    await running.engine.close()


async def test_7_5_a_list_comes_from_the_maker_that_keeps_it() -> None:
    """What none keeps is made of the logbook, or is not there."""
    running, _ = await _with_history(frozenset(), frozenset({"trips"}))
    assert await running.engine.history(FIRST, "trips") == {"trips": [FIRST]}
    assert await running.engine.history(FIRST, "destinations") is None
    level = Reading(
        signal=signals.BATTERY_LEVEL,
        value=50.0,
        captured_at=NOON,
        received_at=NOON,
        channel="tiny",
    )
    running.engine.garage.take(FIRST, "tiny", ReadResult(readings=(level,)))
    made = await running.engine.history(FIRST, "charge_sessions")
    assert made == {"charge_sessions": [], "derived": True}
    await running.engine.close()


async def test_7_5_a_reading_through_the_engine_is_made_by_the_best_account() -> None:
    """A car that no account has any more is as it was."""
    running = Running(options=AccountOptions(profile=Profile.MANUAL))
    running.service.answer = lambda vin: running.says(True)
    account = await running.open()
    await running.advance(2)
    before = len(running.service.reads)
    car = await running.engine.read(FIRST)
    assert car.reported(signals.CHARGING) is True
    assert len(running.service.reads) == before + 1
    await running.engine.close_account(account)
    assert await running.engine.read(FIRST) is car
    assert len(running.service.reads) == before + 1
