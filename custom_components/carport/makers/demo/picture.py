"""What a car of the Demo garage looks like: drawn, since nobody ever built it."""

from typing import Final

from ...cloud.contract import Picture
from ...twin.spec import Drive, TwinSpec

_COLOURS: Final = {
    Drive.ELECTRIC: "#3a86c8",
    Drive.HYBRID: "#3f9c6c",
    Drive.COMBUSTION: "#8c8f94",
}
_DRAWING: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 90">'
    '<path fill="{colour}" d="M12 62 q0-18 22-20 l22-20 q5-4 14-4 h46 q10 0 18 8 '
    'l18 16 q34 3 36 14 v8 q0 4-5 4 h-166 q-5 0-5-6z"/>'
    '<path fill="#dfe9f1" d="M48 42 l17-15 q3-3 8-3 h17 v18z M98 24 h18 q7 0 12 5 '
    'l14 13 h-44z"/>'
    '<circle cx="50" cy="68" r="13"/><circle cx="148" cy="68" r="13"/></svg>'
)


def picture_of(spec: TwinSpec) -> Picture:
    """Draw a car in the colour of its drive."""
    drawing = _DRAWING.format(colour=_COLOURS[spec.drive])
    return Picture(content=drawing.encode(), content_type="image/svg+xml")
