"""The picture of a car: drawn from tables of shapes, seen from where it is asked."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

type Point = tuple[float, float]
type Move = Callable[[float, float], Point]

_WIDTH, _HEIGHT = 160.0, 90.0
"""The sheet on which the shapes stand; it is centred in whatever size is asked for."""
_FINER: Final = 2
"""How much larger than asked for it is drawn, so that its edges are smooth."""

PAINTS: Final[Mapping[str, str]] = {
    "MINERALGRAU METALLIC": "#6b6f73",
    "IONIC SILVER METALLIC": "#b9c2ca",
    "ESTORILBLAU METALLIC": "#1d4f9c",
    "VALENCIA ORANGE METALLIC": "#c8541a",
}
_COLOURS: Final = {
    "ground": "#e3e7ea",
    "dark": "#23272b",
    "glass": "#9fb6c6",
    "rim": "#c9d0d5",
    "lamp": "#f7f3d6",
    "tail": "#b3121f",
    "plate": "#f4f4f0",
    "screen": "#35586f",
}
_PAINT: Final = "paint"
_SHADE: Final = "shade"
_DARKER: Final = 0.72


@dataclass(frozen=True, slots=True)
class Shape:
    """One surface of one colour; `oval` fills the box that two points span."""

    colour: str
    points: tuple[Point, ...]
    oval: bool = False


def _wheel(x: float, y: float, wide: float = 10.5, high: float = 10.5) -> list[Shape]:
    def disc(colour: str, share: float) -> Shape:
        across, up = wide * share, high * share
        return Shape(colour, ((x - across, y - up), (x + across, y + up)), oval=True)

    return [disc("dark", 1), disc("rim", 0.6), disc("dark", 0.18)]


_SIDE: Final = (
    Shape("ground", ((10, 70), (152, 80)), oval=True),
    Shape(
        _PAINT,
        (
            *((15, 62), (16, 52), (25, 46), (46, 42), (62, 26), (74, 22.5)),
            *((108, 22.5), (123, 26), (137, 40), (144, 46), (146, 61), (142, 67)),
            *((19, 67),),
        ),
    ),
    Shape(_SHADE, ((15, 60), (146, 58), (146, 61), (142, 67), (19, 67), (15, 62))),
    Shape("glass", ((51, 41), (64, 29), (74, 26), (84, 26), (84, 41))),
    Shape("glass", ((88, 41), (88, 26), (107, 26), (119, 29.5), (128, 41))),
    Shape("dark", ((85.4, 42), (86.4, 42), (86.4, 63), (85.4, 63))),
    Shape("dark", ((76, 46.5), (83, 46.5), (83, 48), (76, 48))),
    Shape("dark", ((113, 46.5), (120, 46.5), (120, 48), (113, 48))),
    Shape("lamp", ((16.5, 51), (27, 46), (30, 48), (22, 52))),
    Shape("tail", ((138, 43), (144, 47), (144.6, 52), (139, 49))),
    *_wheel(42, 67),
    *_wheel(119, 67),
)
_FACE: Final = (
    Shape("ground", ((36, 72), (124, 82)), oval=True),
    Shape("dark", ((45, 64), (57, 64), (57, 79), (45, 79))),
    Shape("dark", ((103, 64), (115, 64), (115, 79), (103, 79))),
    Shape(
        _PAINT,
        (
            *((42, 72), (42, 50), (50, 42), (59, 24), (66, 21), (94, 21), (101, 24)),
            *((110, 42), (118, 50), (118, 72)),
        ),
    ),
    Shape("dark", ((36, 40), (46, 40), (47, 45), (37, 45))),
    Shape("dark", ((113, 45), (114, 40), (124, 40), (123, 45))),
    Shape("glass", ((54, 42), (62, 26), (98, 26), (106, 42))),
    Shape(_SHADE, ((42, 66), (118, 66), (118, 72), (42, 72))),
    Shape("plate", ((69, 61), (91, 61), (91, 66), (69, 66))),
)
_FRONT: Final = (
    *_FACE,
    Shape("dark", ((64, 49), (79, 49), (79, 57), (67, 57))),
    Shape("dark", ((81, 49), (96, 49), (93, 57), (81, 57))),
    Shape("lamp", ((44, 51), (58, 49), (61, 55), (45, 57))),
    Shape("lamp", ((102, 49), (116, 51), (115, 57), (99, 55))),
)
_REAR: Final = (
    *_FACE,
    Shape("tail", ((43, 49), (57, 47), (57, 55), (43, 57))),
    Shape("tail", ((103, 47), (117, 49), (117, 57), (103, 55))),
    Shape(_SHADE, ((50, 44.5), (110, 44.5), (110, 46), (50, 46))),
)
# Three quarters: the whole side, and one end of it turned towards the viewer.
_QUARTER: Final = (
    Shape("ground", ((14, 70), (150, 84)), oval=True),
    Shape(
        _PAINT,
        (
            *((52, 70), (50, 50), (60, 43), (78, 27), (88, 22.5), (114, 22), (126, 25)),
            *((137, 38), (143, 45), (145, 60), (141, 66)),
        ),
    ),
    Shape(
        _SHADE,
        ((16, 66), (17, 53), (26, 46), (48, 42), (60, 43), (56, 74), (24, 74)),
    ),
    Shape(
        _PAINT,
        ((17, 53), (26, 46), (48, 42), (74, 40), (62, 48), (52, 52), (34, 54)),
    ),
    Shape("glass", ((51, 42), (68, 28), (86, 24), (78, 28), (66, 42))),
    Shape("glass", ((69, 42), (80, 29), (89, 25.5), (99, 25.5), (98, 41))),
    Shape("glass", ((102, 41), (103, 25.5), (114, 25), (122, 28), (130, 40))),
    Shape("dark", ((99.4, 42), (100.4, 42), (100.2, 63), (99.2, 63))),
    Shape("dark", ((90, 47), (96, 46.8), (96, 48), (90, 48.2))),
    *_wheel(66, 69, 8, 10.5),
    *_wheel(126, 64, 6.5, 9.5),
)
_FRONTSIDE: Final = (
    *_QUARTER,
    Shape("dark", ((25, 57), (33, 57.5), (33, 64), (26, 63.5))),
    Shape("dark", ((34.5, 57.5), (44, 58), (42, 64.5), (34.5, 64))),
    Shape("lamp", ((17, 54), (25, 53), (23, 58), (17, 59))),
    Shape("lamp", ((45, 55), (55, 51), (54, 57), (46, 60))),
    Shape("plate", ((27, 67), (43, 68), (43, 72), (27, 71))),
)
_REARSIDE: Final = (
    *_QUARTER,
    Shape("tail", ((17, 52), (25, 51), (25, 58), (17, 59))),
    Shape("tail", ((45, 53), (56, 49), (54, 57), (45, 59))),
    Shape("plate", ((28, 60), (43, 61), (43, 66), (28, 65))),
)
_DASHBOARD: Final = (
    Shape("glass", ((0, 0), (160, 0), (160, 34), (0, 34))),
    Shape(_PAINT, ((0, 30), (160, 30), (160, 34), (0, 34))),
    Shape("dark", ((0, 34), (40, 29), (120, 29), (160, 34), (160, 90), (0, 90))),
    Shape("rim", ((0, 56), (160, 50), (160, 53), (0, 59))),
    Shape("screen", ((28, 34), (62, 34), (62, 46), (28, 46))),
    Shape("screen", ((76, 26), (112, 26), (112, 44), (76, 44))),
    Shape("rim", ((15, 38), (71, 94)), oval=True),
    Shape("dark", ((19, 42), (67, 90)), oval=True),
    Shape("rim", ((19, 62), (67, 62), (67, 67), (19, 67))),
    Shape(_PAINT, ((35, 56), (51, 72)), oval=True),
)
_BIRD: Final = (
    Shape("ground", ((30, 12), (134, 86)), oval=True),
    Shape("dark", ((44, 24), (116, 24), (116, 32), (44, 32))),
    Shape("dark", ((38, 62), (122, 62), (122, 74), (38, 74))),
    Shape(
        _PAINT,
        (
            *((50, 14), (60, 9), (100, 9), (110, 14), (116, 34), (120, 66), (114, 80)),
            *((100, 84), (60, 84), (46, 80), (40, 66), (44, 34)),
        ),
    ),
    Shape("glass", ((52, 28), (108, 28), (102, 37), (58, 37))),
    Shape(_SHADE, ((58, 39), (102, 39), (106, 61), (54, 61))),
    Shape("glass", ((53, 63), (107, 63), (111, 74), (49, 74))),
    Shape("tail", ((44, 76), (56, 80), (56, 83), (46, 80))),
    Shape("tail", ((104, 80), (116, 76), (114, 80), (104, 83))),
)


def _as_it_is(x: float, y: float) -> Point:
    return x, y


def _mirrored(x: float, y: float) -> Point:
    return _WIDTH - x, y


def _from_near(x: float, y: float) -> Point:
    return (x - 66) * 2.2 + _WIDTH / 2, (y - 46) * 2.2 + _HEIGHT / 2


VIEWS: Final[Mapping[str, tuple[tuple[Shape, ...], Move]]] = {
    "FRONTSIDE": (_FRONTSIDE, _as_it_is),
    "FRONT": (_FRONT, _as_it_is),
    "REARSIDE": (_REARSIDE, _mirrored),
    "REAR": (_REAR, _as_it_is),
    "SIDE": (_SIDE, _as_it_is),
    "DASHBOARD": (_DASHBOARD, _as_it_is),
    "DRIVERDOOR": (_SIDE, _from_near),
    "REARBIRDSEYE": (_BIRD, _as_it_is),
}


def picture(view: str, paint: str, width: int, height: int) -> bytes:
    """Draw a car in its paint as a PNG of just this size."""
    shapes, move = VIEWS[view]
    large = (width * _FINER, height * _FINER)
    sheet = Image.new("RGB", large, "white")
    _draw(ImageDraw.Draw(sheet), shapes, _fitted(move, *large), PAINTS[paint])
    content = BytesIO()
    sheet.resize((width, height), Image.Resampling.BOX).save(content, "PNG")
    return content.getvalue()


def _fitted(move: Move, width: int, height: int) -> Move:
    """Return where a point of the sheet lies in a picture."""
    scale = min(width / _WIDTH, height / _HEIGHT)
    left, top = (width - _WIDTH * scale) / 2, (height - _HEIGHT * scale) / 2

    def place(x: float, y: float) -> Point:
        moved = move(x, y)
        return left + moved[0] * scale, top + moved[1] * scale

    return place


def _draw(
    pen: ImageDraw.ImageDraw, shapes: Iterable[Shape], place: Move, paint: str
) -> None:
    known = {**_COLOURS, _PAINT: paint, _SHADE: _darker(paint)}
    for shape in shapes:
        points = [place(*point) for point in shape.points]
        if shape.oval:
            (x, y), (to_x, to_y) = points
            box = (min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y))
            pen.ellipse(box, fill=known[shape.colour])
        else:
            pen.polygon(points, fill=known[shape.colour])


def _darker(paint: str) -> str:
    parts = (int(paint[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part * _DARKER):02x}" for part in parts)
