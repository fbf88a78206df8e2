"""Which commands there are, what each is for, and in which module it is.

The modules are imported when one of their commands is run: together they take longer
than it takes to say what there is. A test compares these lines with the commands' own.
"""

from collections.abc import Mapping
from typing import Final

COMMANDS: Final[Mapping[str, Mapping[str, str]]] = {
    "account_commands": {
        "add": "Add an account: sign in, and read its cars once.",
        "accounts": "List the accounts.",
        "remove": (
            "Take an account away: its tokens are given back, its cars forgotten."
        ),
        "login": (
            "Sign in again: after a new password or PIN, or when the maker asks for it."
        ),
        "budget": "Show the calls by purpose, what is left of them, and until when.",
    },
    "car_commands": {
        "cars": "List the cars, with what is known of them. Nothing is called.",
        "show": (
            "Show what is known of a car, how old it is, and by which account it came."
        ),
        "read": "Read a car now: the maker's copy, the car itself sleeps on.",
        "watch": "Follow cars live, a line for each change, until Ctrl-C.",
    },
    "order_commands": {
        "lock": "Lock the whole car.",
        "unlock": "Unlock the whole car.",
        "wake": "Wake the car to report; costs its 12 V battery.",
        "flash": "Flash the lights.",
        "honk": "Sound the horn.",
        "send": "Send a destination to the car's navigation.",
    },
    "charge_commands": {
        "charge": "Charging: start, stop, limits, current, mode, plug.",
    },
    "climate_commands": {
        "climate": "Climate: start, stop, temperature, a later start, battery.",
        "defrost": "Defrost the windscreen.",
        "window": "Heat the windows.",
        "ventilate": "Blow fresh air through the cabin.",
        "heater": "Run the auxiliary heater, which burns fuel in many cars.",
    },
    "timer_commands": {
        "timers": "Show a car's timers as they were read last, or change them.",
    },
    "history_commands": {
        "trips": (
            "List the trips that the maker remembers, or else those that were seen here."
        ),
        "charges": (
            "List the charges that the maker remembers, or else those that were seen "
            "here."
        ),
        "health": "Show the maker's health report.",
        "list": (
            "Show any list that a maker keeps: destinations, range_map, fences and "
            "others."
        ),
    },
    "setting_commands": {
        "permit": (
            "Permit what nobody may do to a car unasked: to start a heater that burns "
            "fuel."
        ),
        "profile": (
            "Show or choose how often a car is read while `carport watch` follows it."
        ),
        "notifications": (
            "Show by which ways the maker tells its owner of what, or change that."
        ),
    },
    "doctor_command": {
        "doctor": (
            "Say what works, what does not, and why: clock, network, accounts, cars."
        ),
    },
    "database_command": {
        "database": (
            "Keep accounts in PostgreSQL, so that several machines can serve them."
        ),
    },
    "bridge_commands": {
        "bridge": (
            "Run the MQTT bridge: cars tell a broker, and are commanded through it."
        ),
    },
    "classic_command": {
        "classic": "Take the arguments of We Connect MQTT, for any maker's car.",
    },
}
"""By module, in the order in which the help lists them."""
