"""What is kept between runs, through the storage that a face gives."""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
import logging
from typing import Any, Final, Protocol

from ..cloud.contract import Tokens
from ..cloud.errors import AccountClosed, BadAnswer, Unreached
from ..cloud.pins import with_pins_of, without_refusals
from ..cloud.server import ServerPin

_LOGGER: Final = logging.getLogger(__name__)

_SAVE_DELAY: Final = 30.0
_SERVER: Final = "server"


class Storage(Protocol):
    """One private file of a face; a failed save is the face's to tell."""

    async def load(self) -> object:
        """Return the JSON that was kept; None without any."""

    def save_soon(self, data: Callable[[], dict[str, Any]], delay: float) -> None:
        """Write what there is once the delay is over; it begins with the first call.

        The data may be asked for by another thread.
        """

    async def save_now(self, data: dict[str, Any]) -> None:
        """Write, and return when that is done."""

    async def remove(self) -> None:
        """Forget the file."""


class LeaseLost(AccountClosed):
    """Another process serves the account by now: nothing was sent, nothing is written."""


class StorageUnreachable(Unreached):
    """What is kept cannot be reached, so it is not known whose the account is."""


class CarStorage(Protocol):
    """A private file for each car; a failed save is the face's to tell."""

    async def load(self, vin: str) -> object:
        """Return the JSON that was kept of a car; None without any."""

    def save_soon(
        self, vin: str, data: Callable[[], dict[str, Any]], delay: float
    ) -> None:
        """Write what there is once the delay is over; it begins with the first call.

        The data may be asked for by another thread.
        """

    async def save_now(self, vin: str, data: dict[str, Any]) -> None:
        """Write, and return when that is done."""

    def failed(self) -> Iterable[str]:
        """Return the cars whose last save came to nothing."""

    def forget(self, vin: str) -> None:
        """Remove the file of a car as soon as possible."""


class MemoryStorage:
    """A storage that keeps nothing beyond the process."""

    def __init__(self, data: dict[str, Any] | None = None) -> None:
        """Begin with what is given."""
        self.data = data

    async def load(self) -> object:
        """Return what was kept last."""
        return self.data

    def save_soon(self, data: Callable[[], dict[str, Any]], delay: float) -> None:
        """Keep it at once, since that costs nothing."""
        self.data = data()

    async def save_now(self, data: dict[str, Any]) -> None:
        """Keep it."""
        self.data = data

    async def remove(self) -> None:
        """Forget it."""
        self.data = None


class AccountStore:
    """An account's private memory: tokens, ledger, list of cars, habits, attempts.

    There is one for each account, which a sign-in and the running account share: two
    would overwrite each other's tokens.
    """

    def __init__(self, storage: Storage) -> None:
        """Know where it is kept; nothing is read yet."""
        self._storage = storage
        self.data: dict[str, Any] = {}
        self._loaded = False
        self._dirty = False
        self._known: dict[str, Any] = {}
        """What was given to be kept, as it is on disk."""
        self._sources: dict[str, Callable[[], Any]] = {}
        self._signed_in: Callable[[Mapping[str, Any]], None] | None = None
        self.sign_ins = 0
        """How many sign-ins were kept in this run; an open account belongs to the last."""

    async def load(self) -> None:
        """Read what was kept, once; an unreadable file counts as none."""
        if not self._loaded:
            kept = await self._storage.load()
            self.data = dict(kept) if isinstance(kept, Mapping) else {}
            self._known = deepcopy(self.data)
            self._loaded = True

    async def keep(self, **values: Any) -> None:
        """Keep values, and return when they are on disk with all that is due there.

        Where all of it is there already, nothing is written.
        """
        if not self.unsaved and all(
            value == self._known.get(name, ...) == self.data.get(name, ...)
            for name, value in values.items()
        ):
            return
        self.data.update(values)
        # A copy: what was given may be changed where it came from.
        self._known.update(deepcopy(values))
        await self._storage.save_now(self._taken())

    async def keep_sign_in(self, **values: Any) -> None:
        """Keep what a new sign-in brought, in place of the one before.

        The account may run on by that one for a moment, and has learnt of PINs since
        the sign-in began.
        """
        self.sign_ins += 1
        tokens = values.get("tokens")
        if tokens and self.tokens and _address(values) == _address(self.data):
            values["tokens"] = with_pins_of(tokens, self.tokens)
        if self._signed_in is not None:
            self._signed_in(values)
        await self.keep(**values)

    async def keep_tokens(self, tokens: Tokens | None, sign_in: int) -> None:
        """Keep an open account's tokens; if they are an earlier sign-in's, only its PINs."""
        if sign_in == self.sign_ins:
            await self.keep(tokens=tokens)
        elif tokens and self.tokens:
            await self.keep(tokens=with_pins_of(self.tokens, tokens))

    def keep_from(self, **sources: Callable[[], Any]) -> None:
        """Take values from here whenever something is written, and not before."""
        self._sources = sources

    def tell_sign_in(self, tell: Callable[[Mapping[str, Any]], None]) -> None:
        """Tell what a new sign-in keeps: the sources would be written in its place."""
        self._signed_in = tell

    def changed(self) -> None:
        """Note that a source has more to keep; it reaches the disk a little later."""
        self._dirty = True
        self._storage.save_soon(self._taken, _SAVE_DELAY)

    @property
    def unsaved(self) -> bool:
        """Whether there is more to keep than what is on disk."""
        return self._dirty

    async def close(self) -> None:
        """Keep the sources' last values, and take no more of them."""
        if self._sources:
            self.data.update(self._from_sources())
            self._sources, self._signed_in = {}, None
            await self.keep()

    async def forget_refused_pins(self) -> None:
        """Forget refusals, counts and locks of PINs: the owner answers for the next."""
        await self.load()
        if tokens := self.data.get("tokens"):
            await self.keep(tokens=without_refusals(tokens))

    async def remove(self) -> None:
        """Forget everything."""
        self.data, self._known = {}, {}
        self._sources, self._signed_in = {}, None
        await self._storage.remove()

    def to_json(self) -> dict[str, Any]:
        """Return all there is to keep."""
        return {**self.data, **self._from_sources()}

    def _taken(self) -> dict[str, Any]:
        """Return what is written now."""
        self._dirty = False
        return self.to_json()

    def _from_sources(self) -> dict[str, Any]:
        return {key: source() for key, source in tuple(self._sources.items())}

    @property
    def tokens(self) -> Tokens | None:
        """The kept tokens; something else in their place counts as none."""
        tokens = self.data.get("tokens")
        return tokens if isinstance(tokens, dict) else None


def kept_pin(data: Mapping[str, Any]) -> ServerPin | None:
    """Return the server that an account's owner agreed to, as far as it is kept."""
    try:
        return ServerPin.from_json(data.get(_SERVER))
    except BadAnswer:
        return None


def belongs_to(data: Mapping[str, Any], server: str | None) -> bool:
    """Return whether what is kept of an account was got from this server.

    Tokens, and credentials kept among them, are for the server that gave or took them first.
    What was kept before servers were pinned belongs to the account as it is.
    """
    if _SERVER not in data:
        return True
    if data[_SERVER] is None or server is None:
        return data[_SERVER] is None and server is None
    pin = kept_pin(data)
    return pin is not None and pin.is_at(server)


def _address(data: Mapping[str, Any]) -> str | None:
    """Return where a server is that something was got from; None for the maker."""
    pin = kept_pin(data)
    return None if pin is None else str(pin.address)


def pinned(pin: ServerPin | None) -> dict[str, Any]:
    """Return what is kept of a server, for the store."""
    return {_SERVER: None if pin is None else pin.to_json()}


def restored[T](what: str, read: Callable[[], T], begin_anew: Callable[[], T]) -> T:
    """Read what was kept; what is of another shape than ours begins anew."""
    try:
        return read()
    except AttributeError, KeyError, OverflowError, TypeError, ValueError:
        _LOGGER.warning("The kept %s could not be read and begins anew", what)
        return begin_anew()
