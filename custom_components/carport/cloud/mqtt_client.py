"""An MQTT client that no broker can make leak, spin or swell.

The library raises whatever a packet that is none leads to, leaves the connection open
then and reads on, and takes packets as large as they say they are. What is missing there
is added here, by names that it does not promise: `manifest.json` says which version has them.
"""

import asyncio
from types import TracebackType
from typing import Any, Final, Self, override

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

_LARGEST: Final = 8 * 1024 * 1024
"""Bytes of a packet; a broker that sends larger ones is left."""
_MOST_WAITING: Final = 16 * 1024 * 1024
"""Bytes of messages that wait to be taken; what comes while they do is dropped."""


class _Waiting(asyncio.Queue[aiomqtt.Message]):
    """Messages that wait: no more of them than was said, and no more bytes."""

    _bytes = 0

    @override
    def full(self) -> bool:
        return super().full() or self._bytes >= _MOST_WAITING

    @override
    def _put(self, item: aiomqtt.Message) -> None:
        self._bytes += _size(item)
        super()._put(item)

    @override
    def _get(self) -> aiomqtt.Message:
        item: aiomqtt.Message = super()._get()
        self._bytes -= _size(item)
        return item


def _size(message: aiomqtt.Message) -> int:
    payload = message.payload
    return len(payload) if isinstance(payload, (bytes, bytearray)) else 0


class MqttClient(aiomqtt.Client):
    """A client whose every end is an `aiomqtt.MqttError`, and closes the connection."""

    def __init__(self, host: str, port: int, **options: Any) -> None:
        """Connect nothing yet; the options are those of the library."""
        if options.get("protocol") is aiomqtt.ProtocolVersion.V5:
            # Such a broker keeps to itself what is larger, and the connection stays: a
            # retained message would else end every one.
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call] # theirs
            properties.MaximumPacketSize = _LARGEST
            options["properties"] = properties
        super().__init__(host, port, queue_type=_Waiting, **options)
        receive = self._client._sock_recv  # noqa: SLF001

        def receive_bounded(bufsize: int) -> bytes:
            if bufsize > _LARGEST:
                # As the library hears of a connection that broke.
                raise ConnectionError
            return receive(bufsize)

        self._client._sock_recv = receive_bounded  # type: ignore[method-assign] # noqa: SLF001
        self._disconnected.add_done_callback(self._note_end)

    @override
    async def __aenter__(self) -> Self:
        try:
            await super().__aenter__()
        except aiomqtt.MqttError:
            self.hang_up()
            raise
        # By now it may be another one.
        self._disconnected.add_done_callback(self._note_end)
        return self

    @override
    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            await super().__aexit__(kind, error, trace)
        except aiomqtt.MqttError:
            raise
        except Exception as broken:  # noqa: BLE001 - whatever the last packet led to
            raise aiomqtt.MqttError(type(broken).__name__) from None
        finally:
            self.hang_up()

    def hang_up(self) -> None:
        """Close the connection if it is open, with everything that serves it."""
        self._client._sock_close()  # noqa: SLF001

    def stop_waiting(self) -> None:
        """Let a connection fail whose answer nobody waits for any more."""
        if not self._connected.done():
            self._connected.set_exception(aiomqtt.MqttError("given up"))

    def _note_end(self, ended: asyncio.Future[None]) -> None:
        """Close what broke, and take note of how, which is else reported as an error."""
        if not ended.cancelled() and ended.exception() is not None:
            self.hang_up()

    @override
    def _on_socket_register_write(self, client: Any, userdata: Any, sock: Any) -> None:
        """Write when the socket takes something, unless it is closed by then."""

        def write() -> None:
            try:
                client.loop_write()
            except Exception as error:  # noqa: BLE001 - it is how the connection ends
                if not self._disconnected.done():
                    self._disconnected.set_exception(error)

        def register() -> None:
            if sock.fileno() >= 0:
                self._loop.add_writer(sock.fileno(), write)

        # The thread that connects calls it, too.
        self._loop.call_soon_threadsafe(register)
