"""When the tests' cars live: at an hour at which the Demo garage's are where a test needs them.

They live by habits of their own, and what a card offers depends on that: on a working
day at noon one is away without its cable, and no test of a charge could pass.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from carport.twin.fleet import GARAGE
from carport.twin.past import grown
from carport.twin.twin import TwinSpec

AURORA: Final = next(spec for spec in GARAGE if spec.nickname == "Aurora")
OLD_LADY: Final = next(spec for spec in GARAGE if spec.nickname == "Old lady")
STAYS: Final = timedelta(hours=4)
"""For so long nobody takes the cars away: what the tests need, on a busy machine too."""
CHARGES: Final = timedelta(hours=2)
_LOOK_EVERY: Final = timedelta(minutes=30)
_LOOK_AHEAD: Final = timedelta(days=60)


def evening(present: datetime | None = None) -> datetime:
    """Return the next moment at which one car charges at home and another has no cable."""
    present = present or datetime.now(UTC)
    moment = present
    while moment < present + _LOOK_AHEAD:
        if _stays(AURORA, moment, plugged_in=True) and _stays(
            OLD_LADY, moment, plugged_in=False
        ):
            return moment
        moment += _LOOK_EVERY
    raise LookupError("the cars of the Demo garage have changed their habits")


def _stays(spec: TwinSpec, moment: datetime, *, plugged_in: bool) -> bool:
    """Return whether a car stands at home for long enough, locked, with or without a cable."""
    twin = grown(spec, moment)
    end = moment + STAYS
    at = moment
    while at <= end:
        twin.advance(at)
        state = twin.state
        charges = plugged_in and at <= moment + CHARGES
        if state.outing or not state.locked or state.plugged_in is not plugged_in:
            return False
        if charges and not state.charging:
            return False
        at += _LOOK_EVERY
    return True
