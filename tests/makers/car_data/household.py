"""Days of an account's cars, read when they are due: what that costs and brings."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from statistics import fmean

from carport.cloud.cadence import Profile
from carport.cloud.contract import ReadResult
from carport.cloud.errors import CloudError, Throttled
from carport.cloud.habits import Habits
from carport.cloud.ledger import Purpose
from carport.engine import Channel, Garage, StreamRunner
from carport.engine.planner import Planner
from simulator.accounts import TWINS
from tests.conftest import account_of
from tests.world import World

from .account import DRIVER, CarDataAccount

_SAMPLE = timedelta(minutes=5)


@dataclass(slots=True, kw_only=True)
class Days:
    """What some days cost, and how old what is known was, in minutes."""

    calls: Counter[date] = field(default_factory=Counter)
    ages: dict[str, list[float]] = field(default_factory=dict)

    def age(self, doing: str) -> float:
        """Return the mean age while the cars did something."""
        return fmean(self.ages.get(doing) or [0])


def household(cars: int) -> World:
    """Build a world in which one account has so many cars that are driven."""
    i4 = next(twin for twin in TWINS if twin.vin == account_of(DRIVER).vins[0])
    twins = tuple(
        replace(i4, vin=f"{i4.vin[:-1]}{number + 1}", seed=i4.seed + number)
        for number in range(cars)
    )
    spec = replace(account_of(DRIVER), vins=tuple(twin.vin for twin in twins))
    start = datetime(2026, 11, 23, 0, 0, 30, tzinfo=UTC)
    return World(start, accounts=(spec,), twins=twins)


async def live(world: World, days: int, *, streams: bool) -> Days:
    """Live through days, and read as the planner says."""
    (spec,) = world.simulator.clouds["car_data"].specs
    account = CarDataAccount(world, spec)
    await account.enter()
    service, clock = account.service, world.clock
    garage, habits = Garage(clock, lambda: None), Habits(UTC)
    planner = Planner(service, habits)
    cars = await account.run(service.cars())
    garage.connect(Channel(account="home", service=service, car=car) for car in cars)

    def take(vin: str, result: ReadResult) -> None:
        garage.take(vin, "home", result)

    runner = StreamRunner(service, lambda: cars, take, lambda: None)
    if streams:
        account.start(runner.run())
    seen = Days()
    end, sample = clock.now() + timedelta(days=days), clock.now()
    while clock.now() < end:
        for car in cars:
            known = garage.cars[car.vin]
            channel = known.channels["home"]
            due = planner.next_read(known, channel, Profile.NORMAL)
            if (
                due is None
                or due > clock.now()
                or not account.ledger.allows(Purpose.READ)
            ):
                continue
            garage.attempted(car.vin, "home", clock.now())
            before = known.snapshot
            try:
                take(car.vin, await account.run(service.read(car)))
            except Throttled as pause:
                account.ledger.throttle(pause.until)
            except CloudError:
                continue
            habits.learn(car.vin, before, known.snapshot, clock.now(), None)
        if clock.now() >= sample:
            sample += _SAMPLE
            for car in cars:
                twin = world.simulator.twin(car.vin)
                captured = garage.cars[car.vin].snapshot.captured_at()
                age = (clock.now() - (captured or clock.now())).total_seconds() / 60
                state = twin.state
                doing = (
                    "driving"
                    if state.moving
                    else "charging"
                    if state.charging
                    else "parked"
                )
                seen.ages.setdefault(doing, []).append(age)
        await world.advance(60)
    for call in world.control.calls("/customers/*"):
        seen.calls[call.at.date()] += 1
    await account.leave()
    return seen
