"""The stream's broker: who may connect, when, and for what."""

import asyncio
from collections.abc import Mapping
import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import socket
import ssl
from typing import Any, Final

from carport.cloud.clock import Timer

from ..cloud import Site
from . import packets
from .account import AccountState, CarDataRegister
from .certificate import certificate_for
from .hosts import STREAM, STREAM_PORT
from .messages import burst
from .packets import Code, Connect, Kind
from .store import Held, Store
from .tokens import ID, Tokens

_SCOPE: Final = "cardata:streaming:read"
_TLS: Final = 0x16
"""The first byte of whoever wants TLS."""
_GREETING: Final = 10.0
"""Seconds of the wall clock in which a client has to say who it is."""
_IDLE_AT_NIGHT: Final = 75.0
_REFUSED: Final = 0x80
_KEEPALIVE: Final = 1.5
_LEAST, _MOST = 1.0, 900.0
"""How soon and how late to look whether a car has sent something."""
_BACKLOG: Final = 1_000_000
_LEVELS: Final = 2


@dataclass(slots=True, kw_only=True)
class Attempt:
    """A CONNECT as it came in, and what it was answered."""

    at: datetime
    gcid: str | None
    client_id: str
    code: Code


@dataclass(slots=True, kw_only=True, eq=False)
class Connection:
    """A client that is connected."""

    account: AccountState
    writer: asyncio.StreamWriter
    client_id: str
    keepalive: float
    sent: int = 0
    """How many messages it was sent."""
    filters: list[str] = field(default_factory=list)
    timers: dict[str, Timer] = field(default_factory=dict)

    def send(self, raw: bytes) -> None:
        """Send, unless the client has stopped reading."""
        if self.writer.transport.get_write_buffer_size() > _BACKLOG:
            self.drop()
        else:
            self.writer.write(raw)

    def drop(self) -> None:
        """Break the connection."""
        self.writer.transport.abort()


class Broker:
    """Listens on one port, in plain and in TLS."""

    name = f"{STREAM}:{STREAM_PORT}"

    def __init__(self, site: Site, register: CarDataRegister, tokens: Tokens) -> None:
        """Serve the accounts of a register."""
        self._site = site
        self._register = register
        self._tokens = tokens
        self.store = Store(site, self._publish_news)
        self.certificate = ""
        self.attempts: list[Attempt] = []
        self._context: ssl.SSLContext | None = None
        self._server: socket.socket | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._connections: dict[str, Connection] = {}
        self._closed_at: dict[str, datetime] = {}
        self._cut_at: dict[str, float] = {}
        self._ticker: Timer | None = None

    # Listening

    async def start(self, host: str, port: int) -> str:
        """Listen, and return where; port 0 takes any."""
        self._context, self.certificate = await certificate_for(STREAM)
        self._server = socket.create_server((host, port))
        self._server.setblocking(False)
        self._spawn(self._accept(self._server))
        return f"mqtt://{host}:{self._server.getsockname()[1]}"

    async def stop(self) -> None:
        """Break every connection and listen no longer."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server is not None:
            self._server.close()
        if self._ticker is not None:
            self._ticker.cancel()
            self._ticker = None

    def reset(self) -> None:
        """Break every connection and forget when there was one."""
        for connection in list(self._connections.values()):
            connection.drop()
        self.store.forget()
        self.attempts.clear()
        self._closed_at.clear()
        self._cut_at.clear()

    def connection(self, gcid: str) -> Connection | None:
        """Return the connection of whoever reads an account's stream."""
        return self._connections.get(gcid)

    def drop(self, gcid: str) -> None:
        """Break an account's connection."""
        if connection := self._connections.get(gcid):
            connection.drop()

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, server: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            client, _address = await loop.sock_accept(server)
            self._spawn(self._serve(client))

    async def _serve(self, client: socket.socket) -> None:
        """Serve a client until either side has enough."""
        writer: asyncio.StreamWriter | None = None
        try:
            async with asyncio.timeout(_GREETING):
                reader, writer = await self._open(client)
                said = packets.parse_connect(await packets.read_packet(reader))
            connection = self._admit(said, writer)
            if connection is not None:
                await self._listen(reader, connection)
        except (
            TimeoutError,
            OSError,
            asyncio.IncompleteReadError,
            packets.Malformed,
        ):
            pass  # Whoever breaks the rules or the line gets no answer.
        finally:
            if writer is None:
                client.close()
            else:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()

    async def _open(
        self, client: socket.socket
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open streams, in TLS where the client begins with that."""
        loop = asyncio.get_running_loop()
        client.setblocking(False)
        speaks = asyncio.Event()
        loop.add_reader(client, speaks.set)
        try:
            await speaks.wait()
        finally:
            loop.remove_reader(client)
        wants_tls = client.recv(1, socket.MSG_PEEK) == bytes((_TLS,))
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        transport, _ = await loop.connect_accepted_socket(
            lambda: protocol, client, ssl=self._context if wants_tls else None
        )
        return reader, asyncio.StreamWriter(transport, protocol, reader, loop)

    # Who may connect

    def _admit(self, said: Connect, writer: asyncio.StreamWriter) -> Connection | None:
        """Answer a CONNECT, and return the connection if there is one now."""
        claims = self._tokens.read(said.password or "", ID)
        code = self._code(said, claims)
        attempt = Attempt(
            at=self._site.clock.now(),
            gcid=said.username,
            client_id=said.client_id,
            code=code,
        )
        self.attempts.append(attempt)
        writer.write(packets.connack(code))
        account = self._register.by_gcid(said.username)
        if code is not Code.ACCEPTED or claims is None or account is None:
            return None
        if before := self._connections.get(account.gcid):
            before.drop()
            self._part(before)
        connection = Connection(
            account=account,
            writer=writer,
            client_id=said.client_id,
            keepalive=said.keepalive * _KEEPALIVE,
        )
        self._connections[account.gcid] = connection
        left = claims["exp"] - self._site.clock.now().timestamp()
        connection.timers["expiry"] = self._site.clock.call_later(left, connection.drop)
        self.arm_idle(account)
        return connection

    def _code(self, said: Connect, claims: Mapping[str, Any] | None) -> Code:
        if not said.protocol_fits:
            return Code.BAD_PROTOCOL
        if not said.client_id and not said.clean:
            return Code.BAD_CLIENT_ID
        if said.username is None or claims is None:
            return Code.BAD_CREDENTIALS
        account, now = self._tokens.owner(claims), self._site.clock.now()
        if account is None or account.gcid != said.username:
            return Code.NOT_AUTHORIZED
        if claims["exp"] <= now.timestamp() or _SCOPE not in claims["scope"]:
            return Code.NOT_AUTHORIZED
        settings, gcid = self._register.settings, account.gcid
        if not account.stream or claims["iat"] <= self._cut_at.get(gcid, 0):
            return Code.NOT_AUTHORIZED
        delay = timedelta(seconds=settings.stream_delay)
        if account.signed_in_at is not None and now < account.signed_in_at + delay:
            return Code.NOT_AUTHORIZED
        if gcid in self._connections:
            refuses = settings.second_connection == "refused"
            return Code.NOT_AUTHORIZED if refuses else Code.ACCEPTED
        closed, pause = self._closed_at.get(gcid), settings.reconnect_pause
        if closed is not None and now < closed + timedelta(seconds=pause):
            return Code.NOT_AUTHORIZED
        return Code.ACCEPTED

    def arm_idle(self, account: AccountState) -> None:
        """Close an idle connection soon, if it is such a night."""
        connection = self._connections.get(account.gcid)
        if connection is None:
            return
        if (timer := connection.timers.pop("idle", None)) is not None:
            timer.cancel()
        if account.night:
            connection.timers["idle"] = self._site.clock.call_later(
                _IDLE_AT_NIGHT, lambda: self._cut(connection)
            )

    def _cut(self, connection: Connection) -> None:
        """Close a connection; only a token from afterwards opens another."""
        self._cut_at[connection.account.gcid] = self._site.clock.now().timestamp()
        connection.drop()

    def _part(self, connection: Connection) -> None:
        """Forget a connection that is over."""
        for timer in connection.timers.values():
            timer.cancel()
        gcid = connection.account.gcid
        if self._connections.get(gcid) is connection:
            del self._connections[gcid]
            self._closed_at[gcid] = self._site.clock.now()

    # What a client says

    async def _listen(
        self, reader: asyncio.StreamReader, connection: Connection
    ) -> None:
        try:
            while True:
                # A network's patience is of the wall clock, however ours runs.
                limit = connection.keepalive or None
                async with asyncio.timeout(limit):
                    packet = await packets.read_packet(reader)
                if not self._answer(packet, connection):
                    return
        finally:
            self._part(connection)

    def _answer(self, packet: packets.Packet, connection: Connection) -> bool:
        """Answer a packet; return whether the client stays."""
        match packet[0]:
            case Kind.PINGREQ:
                connection.send(packets.pingresp())
            case Kind.SUBSCRIBE:
                number, filters = packets.parse_subscribe(packet)
                granted = [self._subscribe(connection, *one) for one in filters]
                connection.send(packets.suback(number, granted))
            case Kind.UNSUBSCRIBE:
                number, names = packets.parse_unsubscribe(packet)
                connection.filters = [
                    one for one in connection.filters if one not in names
                ]
                connection.send(packets.unsuback(number))
            case Kind.PUBACK:
                pass
            case Kind.DISCONNECT:
                return False
            case _:
                raise packets.Malformed
        return True

    def _subscribe(self, connection: Connection, name: str, qos: int) -> int:
        account = connection.account
        levels = name.split("/")
        own = len(levels) == _LEVELS and levels[0] == account.gcid
        # Without a choice in the portal there is nothing to subscribe to.
        if not own or account.everything_unticked:
            return _REFUSED
        # What came before is not sent: nothing is kept for anybody.
        self._look(account)
        connection.filters.append(name)
        self._tick()
        return min(qos, 1)

    # What cars send

    def _tick(self) -> None:
        """Look what cars have sent, and come again when one may have sent more."""
        if self._ticker is not None:
            self._ticker.cancel()
            self._ticker = None
        now, wait, wanted = self._site.clock.now(), _MOST, False
        for connection in list(self._connections.values()):
            if connection.filters:
                wanted = True
                self._look(connection.account)
                for vin in connection.account.vins:
                    ahead = (self._site.twin(vin).next_at - now).total_seconds()
                    wait = min(wait, max(ahead, _LEAST))
        if wanted:
            self._ticker = self._site.clock.call_later(wait, self._tick)

    def _look(self, account: AccountState) -> None:
        for vin in account.vins:
            if account.readable(vin):
                self.store.look(account, vin)

    def _publish_news(
        self,
        account: AccountState,
        vin: str,
        new: Mapping[str, Held],
        old: Mapping[str, Held],
    ) -> None:
        settings, now = self._register.settings, self._site.clock.now()
        for payload in burst(account, settings, vin, new, old, now):
            self.publish(account.gcid, vin, payload)

    def publish(self, gcid: str, vin: str, payload: bytes) -> None:
        """Send a message about a car to whoever reads the account's stream."""
        connection, topic = self._connections.get(gcid), f"{gcid}/{vin}"
        if connection is None:
            return
        if any(packets.fits(one, topic) for one in connection.filters):
            connection.sent += 1
            connection.send(packets.publish(topic, payload))
            self.arm_idle(connection.account)
