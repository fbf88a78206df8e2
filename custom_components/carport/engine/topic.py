"""What the garage tells its subscribers of besides signals."""

from enum import StrEnum


class Topic(StrEnum):
    """What can be subscribed to besides the signals themselves."""

    CAPTURED = "@captured"
    SIGNALS = "@signals"
    CHANNEL = "@channel"
    COMMANDS = "@commands"
    RUNNING = "@running"
    STALE = "@stale"
    ATTEMPTED = "@attempted"
    PROFILE = "@profile"
    LOGBOOK = "@logbook"
