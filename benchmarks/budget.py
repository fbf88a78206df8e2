"""What accounts cost a day: ordinary cars, cars that drive much, several of them."""

from dataclasses import dataclass, replace
from typing import Final

from carport.twin.twin import Habits, Outing, TwinSpec
from custom_components.carport.cloud.cadence import Profile

from .replay import Plan, Replayed, replay_all
from .services import Measured, owned
from .table import Table

_WEEKS: Final = 1
_MUCH: Final = Habits(
    outings=tuple(
        Outing(leaves=leaves, stays=stays, distance=distance, bearing=bearing)
        for leaves, stays, distance, bearing in (
            (6.2, 1.4, 24, 80),
            (9.3, 1.6, 22, 200),
            (12.8, 1.5, 18, 310),
            (16.2, 1.6, 26, 20),
            (20.3, 1.8, 15, 140),
        )
    ),
    plug_below=95,
    preheats=0.5,
)
"""Five times a day there and back, and charged in between."""
_NOTE: Final = (
    "The first week from the day of the sign-in, in which habits are learnt. All calls "
    "count, of whatever purpose, and days are those of UTC, as limits have them. *Driven "
    "much* is five times a day there and back, some 210 km as far as the battery goes, "
    "plugged in after each. "
    "*Limit* is what the service says of itself (an hour's or a day's; at MyRenault and "
    "CarData tokens are not counted against it); *days without* are those on which a "
    "reading that was due had to wait for it. None of the limits that the makers had is known "
    "for sure: {limits}."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How an account may be used."""

    name: str
    cars: int = 1
    much: bool = False
    profile: Profile = Profile.NORMAL

    def plan(self, measured: Measured) -> Plan:
        """Return whose life that is at a service: the first of its owners'."""
        owner = measured.owners[0]
        return Plan(
            account=measured.account,
            twins=tuple(self._twin(owner.spec, number) for number in range(self.cars)),
            zone=owner.zone,
            lived_as=measured.lived_as,
            weeks=_WEEKS,
            profile=self.profile,
            followed=False,
        )

    def _twin(self, spec: TwinSpec, number: int) -> TwinSpec:
        return replace(
            spec,
            vin=f"{spec.vin[:-1]}{number + 1}",
            seed=spec.seed + number,
            routine=_MUCH if self.much else spec.routine,
        )


_CASES: Final = (
    Case(name="one car"),
    Case(name="two cars", cars=2),
    Case(
        name="two cars, driven much, lively", cars=2, much=True, profile=Profile.LIVELY
    ),
)


async def tables(*only: str) -> list[Table]:
    """Count the calls of every kind of account at every service, or at some."""
    services = owned(only)
    used = [(measured, case) for measured in services for case in _CASES]
    lives = replay_all(case.plan(measured) for measured, case in used)
    limits = "; ".join(f"at {one.info.name} {one.limit}" for one in services)
    return [
        Table(
            title="What an account costs a day",
            head=(
                "",
                "readings a day",
                "calls a day",
                "dearest day",
                "dearest hour",
                "limit",
                "days without",
            ),
            rows=[
                _row(measured, case, life)
                for (measured, case), life in zip(used, lives, strict=True)
            ],
            notes=(_NOTE.format(limits=limits),),
        )
    ]


def _row(measured: Measured, case: Case, life: Replayed) -> tuple[str, ...]:
    days = life.calls_by_day()
    limits = measured.info.call_limits
    return (
        f"{measured.info.name}: {case.name}",
        f"{sum(life.reads_in(week) for week in range(_WEEKS)) / _WEEKS / 7:.0f}",
        f"{sum(life.calls_in(week) for week in range(_WEEKS)) / _WEEKS / 7:.0f}",
        f"{max(days.values())}",
        f"{max(life.calls.values())}",
        ", ".join(f"{limit.calls}" for limit in limits) or "none",
        f"{len(life.dry)}",
    )
