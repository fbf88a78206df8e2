"""A broker at home: it grants everything to who has the password."""

import asyncio
from types import TracebackType
from typing import Self

from simulator.car_data import packets
from simulator.car_data.packets import Code, Kind


class HomeBroker:
    """Listens on loopback; a bridge publishes by `publish`."""

    def __init__(self, password: str = "at home") -> None:
        """Know the password."""
        self._password = password
        self._server: asyncio.Server | None = None
        self._subscribers: list[tuple[asyncio.StreamWriter, list[str]]] = []
        self.port = 0
        self.sent = 0

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Break every connection."""
        assert self._server is not None
        self._server.close()
        self.drop()

    @property
    def subscribers(self) -> int:
        """How many read along."""
        return len(self._subscribers)

    def publish(self, topic: str, payload: bytes) -> None:
        """Send a message to all who want it."""
        for writer, filters in self._subscribers:
            if any(packets.fits(one, topic) for one in filters):
                writer.write(packets.publish(topic, payload))
                self.sent += 1

    def send(self, raw: bytes) -> None:
        """Send bytes that need be no message to all who read along."""
        for writer, _ in self._subscribers:
            writer.write(raw)

    def drop(self) -> None:
        """Break every connection."""
        for writer, _ in self._subscribers:
            writer.transport.abort()
        self._subscribers.clear()
        self.sent = 0

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        filters: list[str] = []
        try:
            said = packets.parse_connect(await packets.read_packet(reader))
            right = said.password == self._password
            code = Code.ACCEPTED if right else Code.BAD_CREDENTIALS
            writer.write(packets.connack(code))
            while right:
                packet = await packets.read_packet(reader)
                match packet[0]:
                    case Kind.SUBSCRIBE:
                        number, wanted = packets.parse_subscribe(packet)
                        filters += [name for name, _ in wanted]
                        refused = any(name.startswith("$") for name in filters)
                        granted = [0x80 if refused else 0] * len(wanted)
                        writer.write(packets.suback(number, granted))
                        self._subscribers.append((writer, filters))
                    case Kind.PINGREQ:
                        writer.write(packets.pingresp())
                    case _:
                        break
        except asyncio.IncompleteReadError, OSError:
            pass
        finally:
            self._subscribers = [one for one in self._subscribers if one[0] != writer]
            writer.close()
