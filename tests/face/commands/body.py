"""The rows about doors, lights and horn, and about asking the car itself."""

from typing import Final

from custom_components.carport.car.commands import CommandKind, HornMode

from .cases import CommandCase, heard, press, state, takes

_HORN: Final = CommandKind.HONK_AND_FLASH
_ACCEPTED: Final = frozenset({"car_net", "my_renault"})
"""Nothing that can be read from there says whether the horn was sounded."""
_TWENTY_MINUTES: Final = 1260.0
"""No cloud wakes a car more often; it costs the small battery."""

DOORS: Final = (
    CommandCase(
        kind=CommandKind.UNLOCK,
        press=press("lock.unlock", "doors"),
        seen=state(locked=False),
        shown=("lock", "doors", "unlocked"),
    ),
    CommandCase(
        kind=CommandKind.LOCK,
        press=press("lock.lock", "doors"),
        seen=state(locked=True),
        shown=("lock", "doors", "locked"),
    ),
)

HORN: Final = (
    *(
        CommandCase(
            kind=_HORN,
            press=press("button.press", key),
            seen=heard(_HORN, mode=mode),
            fits=takes(_HORN, mode),
            unproven=_ACCEPTED,
        )
        for key, mode in (
            ("flash", HornMode.FLASH),
            ("honk", HornMode.HONK),
            ("honk_flash", HornMode.HONK_AND_FLASH),
        )
    ),
    CommandCase(
        kind=_HORN,
        press=press("carport.honk_and_flash", mode="flash"),
        seen=heard(_HORN, mode=HornMode.FLASH),
        unproven=_ACCEPTED,
    ),
    CommandCase(
        kind=_HORN,
        press=press("carport.honk_and_flash", mode="flash", duration=20),
        seen=heard(_HORN, mode=HornMode.FLASH, duration=20),
        services=frozenset({"demo", "we_connect"}),
    ),
    CommandCase(
        kind=_HORN,
        press=press("carport.honk_and_flash", mode="flash", count=7),
        # Its car hears the count as seconds.
        seen=heard(_HORN, mode=HornMode.FLASH, duration=7),
        services=frozenset({"i_remote"}),
    ),
)

REPORTS: Final = (
    CommandCase(
        kind=CommandKind.REFRESH_HEALTH,
        press=press("carport.get_health_report", fresh=True),
        seen=heard(CommandKind.REFRESH_HEALTH),
    ),
    CommandCase(
        kind=CommandKind.WAKE,
        press=press("carport.wake"),
        seen=heard(CommandKind.WAKE),
        hears_late=True,
        rest=_TWENTY_MINUTES,
    ),
    CommandCase(
        kind=CommandKind.WAKE,
        press=press("button.press", "wake"),
        seen=heard(CommandKind.WAKE),
        hears_late=True,
        rest=_TWENTY_MINUTES,
    ),
)
