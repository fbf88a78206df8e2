"""Why something that came by a topic is not done, before any car is asked."""

from enum import StrEnum
from typing import Any, Final


class TopicReason(StrEnum):
    """What only a broker can be the reason of; `Reason` has the others."""

    RETAINED = "retained"
    NOT_ALLOWED = "not_allowed"
    UNKNOWN_COMMAND = "unknown_command"
    WRONG_PAYLOAD = "wrong_payload"
    NO_ID = "no_id"
    PIN_BY_TOPIC = "pin_by_topic"
    TOO_LATE = "too_late"
    WAITED_TOO_LONG = "waited_too_long"
    TOO_MANY = "too_many"
    NOT_READ = "not_read"
    NO_TIMERS = "no_timers"
    NO_PICTURE = "no_picture"
    CAR_GONE = "car_gone"
    UNKNOWN_OUTCOME = "unknown_outcome"
    STOPPING = "stopping"


_NEXT_STEPS: Final = {
    TopicReason.RETAINED: (
        "A retained message on a command's topic is from the past and is never done. "
        "Remove it from the broker, and publish commands without the retain flag."
    ),
    TopicReason.NOT_ALLOWED: (
        "The owner has not allowed this command for this car by MQTT. It is allowed by "
        "a word under commands in the bridge's configuration."
    ),
    TopicReason.UNKNOWN_COMMAND: "There is no such command; see the bridge's manual.",
    TopicReason.WRONG_PAYLOAD: "The payload is not one that this command takes.",
    TopicReason.NO_ID: (
        "A call needs an id of its own, a text of 1 to 64 letters, figures, - and _."
    ),
    TopicReason.PIN_BY_TOPIC: (
        "A PIN is never taken by a topic: everybody who reads the broker would read it. It is "
        "kept with the account. Change it at the maker if this one was the right one."
    ),
    TopicReason.TOO_LATE: "It came after the moment that its not_after names.",
    TopicReason.WAITED_TOO_LONG: (
        "It waited longer than a minute and may no longer be wanted. Send it again."
    ),
    TopicReason.TOO_MANY: "Too many commands wait for this car. Send it again later.",
    TopicReason.NOT_READ: "The car could not be read; its channel says why.",
    TopicReason.NO_TIMERS: "No timers of this car are known that could be changed.",
    TopicReason.NO_PICTURE: "The maker has no picture of this car.",
    TopicReason.CAR_GONE: (
        "No account here has this car any more, or its owner has hidden it. Nothing was sent. "
        "What publishes to its topics can be removed."
    ),
    TopicReason.UNKNOWN_OUTCOME: (
        "The bridge was cut off while this was on its way. The car may have done it: "
        "look at it. It is not sent again."
    ),
    TopicReason.STOPPING: "The bridge ends. Send it again once it is back.",
}


class Refused(Exception):
    """Something that is not done, and what it was about; never what it held."""

    def __init__(
        self,
        reason: TopicReason,
        *,
        field: str = "",
        allowed: str = "",
        command: str = "",
    ) -> None:
        """Name the reason; the rest is what would have been right."""
        super().__init__(str(reason))
        self.reason = reason
        self.field = field
        self.allowed = allowed
        self.command = command

    def answer(self, id_: str | None) -> dict[str, Any]:
        """Return it in the keys of a receipt, with what to do about it."""
        detail = {"field": self.field, "allowed": self.allowed}
        return {
            "id": id_,
            "command": self.command or None,
            "outcome": (
                "unknown" if self.reason is TopicReason.UNKNOWN_OUTCOME else "refused"
            ),
            "reason": str(self.reason),
            "detail": {key: value for key, value in detail.items() if value},
            "message": _NEXT_STEPS[self.reason],
        }
