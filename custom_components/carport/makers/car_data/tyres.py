"""The tyre diagnosis: the list of a car's tyres, and whether one needs a look.

Wear changes in months and a call is one of the day's fifty, so it is asked for seldom;
a puncture comes as a warning long before.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
import logging
from typing import Any, Final

from ...car import signals as s
from ...car.history import HealthCategory, HealthMessage
from ...car.signals import Health
from ...cloud.account_state import AccountState
from ...cloud.answer import Answer
from ...cloud.errors import CloudError
from ...cloud.field_map import ReadingBuilder, text_at, to_float
from ...cloud.requests import Request
from .endpoints import TYRES

_LOGGER: Final = logging.getLogger(__name__)
_DEFECT: Final = "tyreDefect"
_WEAR: Final = "tyreWear"
_AGAIN: Final = timedelta(days=7)
_SOONER: Final = timedelta(days=1)
"""While something is wrong, and after a call that failed."""
_SILENT: Final = timedelta(days=30)
"""For a car that tells nothing of its tyres."""
_CORNERS: Final = ("frontLeft", "frontRight", "rearLeft", "rearRight")
_SEVERITIES: Final = {
    "GREEN": Health.OK,
    "YELLOW": Health.NOTICE,
    "RED": Health.SERVICE,
}
_ORDER: Final = tuple(Health)

type Call = Callable[[Request], Awaitable[Answer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TyreVerdict:
    """What the last diagnosis found: `wrong` is None where it told nothing."""

    wrong: bool | None
    found_at: float = 0
    due_at: float


class TyreWatch:
    """The verdicts on all cars of an account, over restarts."""

    def __init__(self, state: AccountState) -> None:
        """Go on from what was kept."""
        self._state = state
        self._verdicts: dict[str, TyreVerdict | None] = {}
        """What was read of the state: a stream asks for it with every message."""

    async def note_seen(self, vin: str, now: datetime) -> None:
        """Note a car; its first diagnosis is a day later.

        On the day of the sign-in calls are needed for the list, the facts and a first
        reading of every car.
        """
        if self._known(vin) is None:
            due_at = (now + _SOONER).timestamp()
            await self._keep(vin, TyreVerdict(wrong=None, due_at=due_at))

    async def look(self, vin: str, call: Call, now: datetime) -> bool:
        """Ask for a car's diagnosis if that is due; return whether there is a new one."""
        known = self._known(vin)
        if known is None or now.timestamp() < known.due_at:
            return False
        try:
            body = (await call(TYRES)).parsed()
        except CloudError as error:
            _LOGGER.debug("The tyre diagnosis failed: %s", error)
            due_at = (now + _SOONER).timestamp()
            await self._keep(vin, replace(known, due_at=due_at))
            return False
        wrong = need_a_look(body)
        pause = _SILENT if wrong is None else _SOONER if wrong else _AGAIN
        verdict = TyreVerdict(
            wrong=wrong,
            found_at=now.timestamp(),
            due_at=(now + pause).timestamp(),
        )
        await self._keep(vin, verdict)
        return True

    def read(self, builder: ReadingBuilder, vin: str) -> None:
        """Add the verdict to what the warnings say: either of them is a problem."""
        known = self._known(vin)
        if known is None or known.wrong is None:
            return
        at = datetime.fromtimestamp(known.found_at, UTC)
        warned = builder.readings.get(s.TYRE_PROBLEM.key)
        if warned is not None and warned.captured_at is not None:
            at = max(at, warned.captured_at)
        builder.add(
            s.TYRE_PROBLEM, known.wrong or builder.value(s.TYRE_PROBLEM) is True, at
        )

    async def _keep(self, vin: str, verdict: TyreVerdict) -> None:
        self._verdicts[vin] = verdict
        await self._state.keep_document(_key(vin), asdict(verdict))

    def _known(self, vin: str) -> TyreVerdict | None:
        if vin not in self._verdicts:
            self._verdicts[vin] = self._kept(vin)
        return self._verdicts[vin]

    def _kept(self, vin: str) -> TyreVerdict | None:
        """Return what was kept; None where it is none that this version wrote."""
        kept = self._state.document(_key(vin)) or {}
        wrong = kept.get("wrong")
        found_at, due_at = to_float(kept.get("found_at")), to_float(kept.get("due_at"))
        if found_at is None or due_at is None:
            return None
        return TyreVerdict(
            wrong=wrong if isinstance(wrong, bool) else None,
            found_at=found_at,
            due_at=due_at,
        )


def _key(vin: str) -> str:
    return f"tyres_{vin.lower()}"


def tyres_of(body: Any) -> HealthCategory | None:
    """Return the state of the mounted tyres; None of a car that tells nothing."""
    messages: list[HealthMessage] = []
    for tyre, _, row, severity in _findings(body):
        words = (text_at(tyre, "label"), text_at(row, "label"), text_at(row, "value"))
        text = ": ".join(word for word in words if word)
        messages.append(HealthMessage(text=text, severity=str(severity)))
    if not messages:
        return None
    worst = max((str(one.severity) for one in messages), key=_ORDER.index)
    return HealthCategory(category="tyres", severity=worst, messages=tuple(messages))


def need_a_look(body: Any) -> bool | None:
    """Return whether a tyre has a defect or is worn out; None if nothing is told.

    A tyre that will be due some day is listed in the report and no problem yet.
    """
    found = [(part, severity) for _, part, _, severity in _findings(body)]
    if not found:
        return None
    return any(
        severity is not Health.OK and (part == _DEFECT or severity is not Health.NOTICE)
        for part, severity in found
    )


def _findings(
    body: Any,
) -> Iterator[tuple[Mapping[str, Any], str, Mapping[str, Any], Health]]:
    """Yield what is said of each mounted tyre: the tyre, the part, its row, how bad."""
    mounted: Any = body
    for key in ("passengerCar", "mountedTyres"):
        mounted = mounted.get(key) if isinstance(mounted, Mapping) else None
    if not isinstance(mounted, Mapping):
        return
    for corner in _CORNERS:
        tyre = mounted.get(corner)
        if not isinstance(tyre, Mapping):
            continue
        for part in (_WEAR, _DEFECT):
            row = tyre.get(part)
            if not isinstance(row, Mapping):
                continue
            severity = _SEVERITIES.get(str(row.get("statusColor")))
            # Labels and zeros are all that a car without tyre data answers.
            if severity is None or text_at(row, "value") is None:
                continue
            yield tyre, part, row, severity
