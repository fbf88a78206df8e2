"""The cars of all accounts: what is known of them, and what they are told.

The garage outlives single accounts. It knows services and the clock, but no Home
Assistant: the face above subscribes to it by signal.
"""

from .cars import GarageCar
from .channel import SHUT, Channel, ChannelState, state_after
from .dispatch import Dispatcher
from .garage import Garage
from .topic import Topic

__all__ = [
    "SHUT",
    "Channel",
    "ChannelState",
    "Dispatcher",
    "Garage",
    "GarageCar",
    "Topic",
    "state_after",
]
