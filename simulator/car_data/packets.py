"""As much of MQTT 3.1.1 as a broker needs that only ever sends.

No ready broker can be told what this one has to refuse by a clock of ours, and the
packets are few.
"""

from asyncio import StreamReader
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

_LARGEST: Final = 65_536
_LENGTH_BYTES: Final = 4
_SUBSCRIBE_FLAGS: Final = 2
_NAME: Final = "MQTT"
_LEVEL: Final = 4

type Packet = tuple[int, int, bytes]
"""Kind, flags and body."""


class Kind(IntEnum):
    """The kinds of packets, by the number in their first byte."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    SUBSCRIBE = 8
    SUBACK = 9
    UNSUBSCRIBE = 10
    UNSUBACK = 11
    PINGREQ = 12
    PINGRESP = 13
    DISCONNECT = 14


class Code(IntEnum):
    """What a CONNECT is answered."""

    ACCEPTED = 0
    BAD_PROTOCOL = 1
    BAD_CLIENT_ID = 2
    UNAVAILABLE = 3
    BAD_CREDENTIALS = 4
    NOT_AUTHORIZED = 5


class Malformed(Exception):
    """A packet breaks the rules; the connection is closed without an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connect:
    """What a client says of itself."""

    protocol_fits: bool
    clean: bool
    keepalive: int
    client_id: str
    username: str | None
    password: str | None


class _Body:
    """A packet's body, read from its beginning."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._raw) - self._at

    def take(self, count: int) -> bytes:
        if count > self.left:
            raise Malformed
        self._at += count
        return self._raw[self._at - count : self._at]

    def number(self) -> int:
        return int.from_bytes(self.take(2))

    def text(self) -> str:
        try:
            return self.take(self.number()).decode()
        except UnicodeDecodeError:
            raise Malformed from None


async def read_packet(reader: StreamReader) -> Packet:
    """Read the next packet; IncompleteReadError at the end."""
    first = (await reader.readexactly(1))[0]
    length = 0
    for place in range(_LENGTH_BYTES):
        byte = (await reader.readexactly(1))[0]
        length |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            break
    else:
        raise Malformed
    if length > _LARGEST:
        raise Malformed
    return first >> 4, first & 0x0F, await reader.readexactly(length)


def parse_connect(packet: Packet) -> Connect:
    """Read a CONNECT."""
    kind, flags, raw = packet
    if kind != Kind.CONNECT or flags:
        raise Malformed
    body = _Body(raw)
    fits = body.text() == _NAME
    fits &= body.take(1)[0] == _LEVEL
    said = body.take(1)[0]
    if said & 0x01 or (said & 0x40 and not said & 0x80):
        raise Malformed
    keepalive, client_id = body.number(), body.text()
    if said & 0x04:
        body.text()
        body.take(body.number())
    username = body.text() if said & 0x80 else None
    password = body.text() if said & 0x40 else None
    return Connect(
        protocol_fits=fits,
        clean=bool(said & 0x02),
        keepalive=keepalive,
        client_id=client_id,
        username=username,
        password=password,
    )


def parse_subscribe(packet: Packet) -> tuple[int, list[tuple[str, int]]]:
    """Return the number of a SUBSCRIBE, and its filters with their QoS."""
    _kind, flags, raw = packet
    body = _Body(raw)
    number, filters = body.number(), []
    while body.left:
        filters.append((body.text(), body.take(1)[0]))
    if flags != _SUBSCRIBE_FLAGS or not filters or any(qos > 2 for _, qos in filters):
        raise Malformed
    return number, filters


def parse_unsubscribe(packet: Packet) -> tuple[int, list[str]]:
    """Return the number of an UNSUBSCRIBE, and its filters."""
    _kind, flags, raw = packet
    body = _Body(raw)
    number, filters = body.number(), []
    while body.left:
        filters.append(body.text())
    if flags != _SUBSCRIBE_FLAGS or not filters:
        raise Malformed
    return number, filters


def connack(code: Code) -> bytes:
    """Answer a CONNECT; sessions are never kept."""
    return _packet(Kind.CONNACK, bytes((0, code)))


def suback(number: int, granted: list[int]) -> bytes:
    """Answer a SUBSCRIBE, filter by filter."""
    return _packet(Kind.SUBACK, number.to_bytes(2) + bytes(granted))


def unsuback(number: int) -> bytes:
    """Answer an UNSUBSCRIBE."""
    return _packet(Kind.UNSUBACK, number.to_bytes(2))


def pingresp() -> bytes:
    """Answer a PINGREQ."""
    return _packet(Kind.PINGRESP, b"")


def publish(topic: str, payload: bytes) -> bytes:
    """Write a message that nobody has to acknowledge."""
    name = topic.encode()
    return _packet(Kind.PUBLISH, len(name).to_bytes(2) + name + payload)


def _packet(kind: Kind, body: bytes) -> bytes:
    length, left = bytearray(), len(body)
    while True:
        left, low = divmod(left, 128)
        length.append(low | (0x80 if left else 0))
        if not left:
            return bytes((kind << 4,)) + bytes(length) + body


def fits(topic_filter: str, topic: str) -> bool:
    """Return whether a topic fits a filter."""
    wanted, found = topic_filter.split("/"), topic.split("/")
    for place, level in enumerate(wanted):
        if level == "#":
            return place == len(wanted) - 1
        if place >= len(found) or level not in {"+", found[place]}:
            return False
    return len(wanted) == len(found)
