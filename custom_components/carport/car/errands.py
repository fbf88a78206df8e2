"""Commands with a content: timers, notifications, destinations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, override

from . import signals as s
from .commands import Command, CommandKind, Effects
from .limits import Limits, Violation
from .schedule import Schedule, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSchedule(Command):
    """Replace the car's timers by these."""

    kind = CommandKind.SET_SCHEDULE
    schedule: Schedule

    @property
    @override
    def effects(self) -> Effects:
        """The timers the car reports."""
        return {s.SCHEDULE: self.schedule}

    @property
    @override
    def parameters(self) -> dict[str, Any]:
        """The timers as JSON."""
        return self.schedule.to_json()

    @override
    def violation(self, limits: Limits) -> Violation | None:
        """Name the rules of the car's timers that are broken, and where."""
        if limits.schedule is None:
            return None
        problems = self.schedule.problems(limits.schedule)
        if not problems:
            return None
        broken = ", ".join(
            problem.rule if problem.slot is None else f"{problem.rule} ({problem.slot})"
            for problem in problems
        )
        return Violation(field="schedule", allowed=broken)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetNotifications(Command):
    """Choose by which way the maker tells the owner of which event.

    `events` maps the maker-independent event to the ways: `email`, `text`; quiet
    hours are in the car's local time.
    """

    kind = CommandKind.SET_NOTIFICATIONS
    events: Mapping[str, tuple[str, ...]]
    quiet: Window | None = None

    @property
    @override
    def parameters(self) -> dict[str, Any]:
        """The ways by event, and the quiet hours as HH:MM."""
        events = {event: list(ways) for event, ways in self.events.items()}
        return {"events": events, "quiet": self.quiet and self.quiet.to_json()}

    @override
    def violation(self, limits: Limits) -> Violation | None:
        """Check events against the maker's words, and how many ways each may have."""
        for event, ways in self.events.items():
            if limits.words and event not in limits.words:
                return Violation(field="events", allowed=", ".join(limits.words))
            known = set(ways) <= {"email", "text"}
            if not known or (limits.high is not None and len(ways) > limits.high):
                return Violation(field=event, allowed="email, text")
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendDestination(Command):
    """Send a destination to the car's navigation."""

    kind = CommandKind.SEND_DESTINATION
    name: str
    latitude: float
    longitude: float
    address: Mapping[str, str] = field(default_factory=dict)

    @property
    @override
    def parameters(self) -> dict[str, Any]:
        """Nothing: where somebody goes is nobody else's business."""
        return {}
