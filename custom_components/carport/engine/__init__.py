"""The engine: accounts run, cars read when they are due, commands sent and proven.

It knows services, clocks and storage, but no Home Assistant: a face gives it those,
and subscribes to the garage by signal. `Engine` is where a face begins.
"""

from .account import Account
from .cars import GarageCar
from .channel import SHUT, Channel, ChannelState, burns_fuel, state_after
from .dispatch import Dispatcher
from .engine import Engine
from .face import AccountFace, AccountOptions
from .garage import Garage
from .lane import WhenBusy
from .opening import Login, OpenAccount
from .reader import AT_ONCE
from .storage import AccountStore, MemoryStorage, Storage
from .streaming import StreamRunner
from .timers import timer_limits, timer_numbers
from .topic import Topic
from .yielding import Yielding

__all__ = [
    "AT_ONCE",
    "SHUT",
    "Account",
    "AccountFace",
    "AccountOptions",
    "AccountStore",
    "Channel",
    "ChannelState",
    "Dispatcher",
    "Engine",
    "Garage",
    "GarageCar",
    "Login",
    "MemoryStorage",
    "OpenAccount",
    "Storage",
    "StreamRunner",
    "Topic",
    "WhenBusy",
    "Yielding",
    "burns_fuel",
    "state_after",
    "timer_limits",
    "timer_numbers",
]
