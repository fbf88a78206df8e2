"""The bridge's configuration: one TOML file, checked, with the line of what is wrong."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
import re
import tomllib
from typing import Any, Final

from carport.mqtt.permissions import GROUPS
from carport.mqtt.settings import (
    CLASSIC_BASE,
    DISCOVERY_PREFIX,
    OWN_BASE,
    Layout,
    Private,
    is_topic_level,
)

from .exits import Exit, Failure

VERSIONS: Final = ("5", "3.1.1")
_HIGHEST_PORT: Final = 65535
_LONGEST_KEEPALIVE: Final = 3600
_LONGEST_TEXT: Final = 1000
"""Of a text; a topic of more than 65535 bytes cannot be sent at all."""

_HEADER: Final = re.compile(r"\s*\[{1,2}\s*([A-Za-z0-9_-]+)\s*\]{1,2}")
_KEY: Final = re.compile(r"""\s*["']?([A-Za-z0-9_-]+)["']?\s*=""")
_SYNTAX_LINE: Final = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class CarEntry:
    """One car of the file, as it is written there."""

    car: str
    line: int
    topic: str | None = None
    commands: frozenset[str] = frozenset()
    publish: frozenset[Private] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerEntry:
    """The broker of the file; `repr` leaves out who we are there."""

    host: str = "localhost"
    port: int | None = None
    username: str | None = field(default=None, repr=False)
    password_file: str | None = None
    client_id: str = "carport"
    version: str = "5"
    keepalive: int = 60
    tls: bool = False
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeFile:
    """What the owner wrote."""

    layouts: frozenset[Layout] = frozenset({Layout.OWN})
    accounts: tuple[str, ...] = ()
    broker: BrokerEntry = field(default_factory=BrokerEntry)
    own_base: str = OWN_BASE
    discovery_prefix: str = DISCOVERY_PREFIX
    classic_base: str = CLASSIC_BASE
    cars: tuple[CarEntry, ...] = ()


def read_bridge_file(path: Path) -> BridgeFile:
    """Read a configuration; raise `Failure` with its line where it is not right."""
    try:
        # Some editors begin a file with a mark of its encoding.
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _failure(path, None, f"cannot be read: {type(error).__name__}") from None
    return parse(text, path)


def parse(text: str, path: Path) -> BridgeFile:
    """Turn a configuration's text into what it says."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        hit = _SYNTAX_LINE.search(str(error))
        said = _SYNTAX_LINE.sub("", str(error)).strip()
        line = int(hit[1]) if hit else text.count("\n") + 1
        raise _failure(path, line, said) from None
    except ValueError, RecursionError:
        raise _failure(
            path, None, "has too long a number or too many brackets"
        ) from None
    return _Reader(path, data, _lines(text)).read()


def _lines(text: str) -> dict[tuple[str, int, str], int]:
    """Return in which line each key stands, by its table, the table's number and itself."""
    found: dict[tuple[str, int, str], int] = {}
    counts: dict[str, int] = {}
    table, number = "", 0
    for line, written in enumerate(text.splitlines(), 1):
        if hit := _HEADER.fullmatch(written.split("#")[0].rstrip()):
            table = hit[1]
            number = counts.get(table, 0)
            counts[table] = number + 1
            found.setdefault((table, number, ""), line)
        elif hit := _KEY.match(written):
            found.setdefault((table, number, hit[1]), line)
    return found


def _failure(path: Path, line: int | None, text: str) -> Failure:
    where = path.name if line is None else f"{path.name}, line {line}"
    return Failure(Exit.USAGE, "bridge_file", f"{where}: {text}.")


class _Reader:
    """Reads one table after the other."""

    def __init__(
        self,
        path: Path,
        data: Mapping[str, Any],
        lines: dict[tuple[str, int, str], int],
    ) -> None:
        self._path = path
        self._data = data
        self._lines = lines

    def read(self) -> BridgeFile:
        """Return the whole file."""
        self._know("", 0, self._data, _TOP)
        broker = self._table("broker", _BROKER)
        own = self._table("own", {"base"})
        discovery = self._table("discovery", {"prefix"})
        classic = self._table("weconnectmqtt", {"base"})
        return BridgeFile(
            layouts=self._layouts(),
            accounts=tuple(self._words("", 0, self._data, "accounts")),
            broker=self._broker(broker),
            own_base=self._base("own", own, "base", OWN_BASE),
            discovery_prefix=self._base(
                "discovery", discovery, "prefix", DISCOVERY_PREFIX
            ),
            classic_base=self._base("weconnectmqtt", classic, "base", CLASSIC_BASE),
            cars=self._cars(),
        )

    def _layouts(self) -> frozenset[Layout]:
        given = self._data.get("layout", Layout.OWN.value)
        words = [given] if isinstance(given, str) else given
        if not isinstance(words, list) or not words:
            raise self._wrong("", 0, "layout", f"layout is one of {_all(Layout)}")
        for word in words:
            if word not in tuple(Layout):
                raise self._wrong("", 0, "layout", f"layout is one of {_all(Layout)}")
        return frozenset(map(Layout, words))

    def _broker(self, table: Mapping[str, Any]) -> BrokerEntry:
        text, whole = self._text, self._whole
        version = text("broker", table, "version") or "5"
        if version not in VERSIONS:
            raise self._wrong("broker", 0, "version", f"version is {_all(VERSIONS)}")
        tls = table.get("tls", False)
        if not isinstance(tls, bool):
            raise self._wrong("broker", 0, "tls", "tls is true or false")
        return BrokerEntry(
            host=text("broker", table, "host") or "localhost",
            port=whole("broker", table, "port", _HIGHEST_PORT),
            username=text("broker", table, "username"),
            password_file=text("broker", table, "password_file"),
            client_id=text("broker", table, "client_id") or "carport",
            version=version,
            keepalive=whole("broker", table, "keepalive", _LONGEST_KEEPALIVE) or 60,
            tls=tls,
            ca_file=text("broker", table, "ca_file"),
            cert_file=text("broker", table, "cert_file"),
            key_file=text("broker", table, "key_file"),
        )

    def _cars(self) -> tuple[CarEntry, ...]:
        rows = self._data.get("cars", [])
        if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
            raise self._wrong("cars", 0, "", "a car begins with [[cars]]")
        cars: list[CarEntry] = []
        for number, row in enumerate(rows):
            self._know("cars", number, row, _CAR)
            topic = self._text("cars", row, "topic", number)
            if topic is not None and not is_topic_level(topic):
                raise self._wrong(
                    "cars", number, "topic", "topic is one word without / + # and $"
                )
            if topic is not None and topic in {one.topic for one in cars}:
                raise self._wrong("cars", number, "topic", "another car has this topic")
            car = self._text("cars", row, "car", number)
            if car is None:
                raise self._wrong(
                    "cars", number, "", "car is missing: a VIN, its end, plate or name"
                )
            cars.append(
                CarEntry(
                    car=car,
                    line=self._line("cars", number, "car") or 0,
                    topic=topic,
                    commands=frozenset(
                        self._words("cars", number, row, "commands", GROUPS)
                    ),
                    publish=frozenset(
                        map(
                            Private,
                            self._words("cars", number, row, "publish", tuple(Private)),
                        )
                    ),
                )
            )
        return tuple(cars)

    # What a key may hold

    def _table(self, name: str, known: Collection[str]) -> Mapping[str, Any]:
        table = self._data.get(name, {})
        if not isinstance(table, dict):
            raise self._wrong("", 0, name, f"{name} is a table: [{name}]")
        self._know(name, 0, table, known)
        return table

    def _know(
        self, table: str, number: int, data: Mapping[str, Any], known: Collection[str]
    ) -> None:
        for key in data:
            if key not in known:
                raise self._wrong(
                    table, number, key, f"{key} is not known here; known: {_all(known)}"
                )

    def _text(
        self, table: str, data: Mapping[str, Any], key: str, number: int = 0
    ) -> str | None:
        value = data.get(key)
        if value is None or (
            isinstance(value, str)
            and 0 < len(value) <= _LONGEST_TEXT
            and value.isprintable()
        ):
            return value
        raise self._wrong(
            table,
            number,
            key,
            f"{key} is a text of one line, of at most {_LONGEST_TEXT} characters",
        )

    def _whole(
        self, table: str, data: Mapping[str, Any], key: str, most: int
    ) -> int | None:
        value = data.get(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= most:
            return value
        raise self._wrong(table, 0, key, f"{key} is a whole number from 1 to {most}")

    def _words(
        self,
        table: str,
        number: int,
        data: Mapping[str, Any],
        key: str,
        known: Collection[str] | None = None,
    ) -> list[str]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(
            isinstance(one, str) for one in value
        ):
            raise self._wrong(table, number, key, f"{key} is a list of words")
        for word in value:
            if known is not None and word not in known:
                raise self._wrong(
                    table,
                    number,
                    key,
                    f"{key} has a word that is none of {_all(known)}",
                )
        return value

    def _base(
        self, table: str, data: Mapping[str, Any], key: str, otherwise: str
    ) -> str:
        value = self._text(table, data, key) or otherwise
        if set(value) & set("+#") or value.startswith("$") or not value.strip("/"):
            raise self._wrong(
                table, 0, key, f"{key} is a topic without + and #, and with no $ first"
            )
        return value.rstrip("/")

    def _line(self, table: str, number: int, key: str) -> int | None:
        return self._lines.get(
            (table, number, key), self._lines.get((table, number, ""))
        )

    def _wrong(self, table: str, number: int, key: str, text: str) -> Failure:
        return _failure(self._path, self._line(table, number, key), text)


def _all(words: Collection[str]) -> str:
    return ", ".join(map(str, words))


_TOP: Final = (
    "layout",
    "accounts",
    "broker",
    "own",
    "discovery",
    "weconnectmqtt",
    "cars",
)
_BROKER: Final = tuple(BrokerEntry.__dataclass_fields__)
_CAR: Final = ("car", "topic", "commands", "publish")
