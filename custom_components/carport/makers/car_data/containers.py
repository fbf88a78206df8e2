"""The container of this installation: found by its name, made at most once an hour.

A container is a list of descriptors that BMW keeps. It is never changed: another list is
another container, and the old one is deleted, since it counts towards the ten there may
be. Nobody else's is ever touched without the owner.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
import hashlib
import logging
import secrets
from typing import Any, Final
from urllib.parse import quote

from ...cloud.account_state import AccountState
from ...cloud.answer import Answer
from ...cloud.contract import Context
from ...cloud.errors import (
    BadAnswer,
    CloudError,
    LoginExpired,
    Outage,
    SignInFailed,
    Throttled,
)
from ...cloud.field_map import text_at
from ...cloud.requests import Request
from ...cloud.single_flight import SingleFlight
from .endpoints import CONTAINERS, DELETE_CONTAINER, new_container
from .readings import DESCRIPTORS, ESSENTIAL
from .refusals import ContainersFull, DescriptorUnknown

_LOGGER: Final = logging.getLogger(__name__)

type Call = Callable[[Request], Awaitable[Answer]]

NAME: Final = "Carport"
FULL: Final = "containers_full"
FULL_OF_OTHERS: Final = "containers_full_of_others"
REFUSED: Final = "container_refused"
_AGAIN: Final = timedelta(hours=1)
_MOST_WISHES: Final = 5
"""Containers that are wished for in a row: each refusal costs a call."""
_OF_THE_ACCOUNT: Final = (LoginExpired, SignInFailed, Throttled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A container as the list tells of it."""

    id: str
    name: str
    purpose: str

    @property
    def ours(self) -> bool:
        """Whether Carport made it, here or elsewhere."""
        return self.name == NAME or self.name.startswith(f"{NAME} ")


class ContainerManager:
    """Knows which container is read, and makes it when there is none."""

    def __init__(self, context: Context, state: AccountState, call: Call) -> None:
        """Take up what the last run kept."""
        self._clock = context.clock
        self._state = state
        self._call = call
        self._search = SingleFlight(self._find_in_time)

    @property
    def trouble(self) -> str | None:
        """Why there is no container, as the key of what the owner is told."""
        return self._state.text("container_trouble")

    @property
    def id(self) -> str | None:
        """The container that is read; None while there is none."""
        if self._state.text("container_purpose") != self._purpose:
            return None
        return self._state.text("container")

    @property
    def _purpose(self) -> str:
        """What tells this list of descriptors from an earlier one."""
        return _digest(self._descriptors)

    @property
    def _descriptors(self) -> tuple[str, ...]:
        """What is asked for: everything but what BMW says it does not know.

        With another version everything is asked for again.
        """
        kept = self._state.document("descriptors_left_out") or {}
        if kept.get("of") != _digest(DESCRIPTORS):
            return DESCRIPTORS
        left_out = kept.get("names")
        names = frozenset(left_out if isinstance(left_out, list) else ())
        return tuple(one for one in DESCRIPTORS if one not in names)

    async def ensure(self) -> str | None:
        """Return the container, found or made; None where BMW gives none.

        Without one the stream and the facts of the car still work.
        """
        return self.id or await self._search.run()

    async def close(self) -> None:
        """Stop a search that is under way."""
        await self._search.close()

    async def _find_in_time(self) -> str | None:
        if self._state.ahead("container_again", self._clock.now()) is not None:
            return None
        # Noted first: whatever becomes of it, the next attempt is an hour away.
        await self._state.keep(container_again=(self._clock.now() + _AGAIN).timestamp())
        try:
            found = await self._find_or_make()
        except _OF_THE_ACCOUNT:
            await self._state.keep(container_again=None)
            raise
        except Outage, BadAnswer:
            # Nobody has refused anything: it is tried again, and nothing to be told.
            return None
        except CloudError as error:
            full = isinstance(error, ContainersFull)
            await self._state.keep(
                container_trouble=await self._fullness() if full else REFUSED
            )
            return None
        await self._state.keep(
            container=found, container_purpose=self._purpose, container_trouble=None
        )
        return found

    async def gone(self) -> None:
        """Note that the container is no longer there; another is made in time."""
        await self._state.keep(container=None, container_purpose=None)

    async def delete_strangers(self) -> None:
        """Delete the containers of other Carports, as the owner asked for."""
        for container in await self._strangers():
            await self._call(_deleting(container.id))
        await self._state.keep(container_again=None)
        await self.ensure()

    async def _fullness(self) -> str:
        """Tell whether the owner may make room by what Carport itself offers."""
        try:
            return FULL if await self._strangers() else FULL_OF_OTHERS
        except CloudError:
            return FULL_OF_OTHERS

    async def _strangers(self) -> list[Container]:
        """Return the containers that other Carports have made."""
        name = await self._own_name()
        listed = containers_of((await self._call(CONTAINERS)).parsed())
        return [one for one in listed if one.ours and one.name != name]

    async def _find_or_make(self) -> str:
        name = await self._own_name()
        listed = tuple(containers_of((await self._call(CONTAINERS)).parsed()))
        own = [container for container in listed if container.name == name]
        wanted = next((one for one in own if one.purpose == self._purpose), None)
        obsolete = [one for one in own if one is not wanted]
        for container in obsolete:
            await self._delete(container)
        if wanted is not None:
            return wanted.id
        answer = await self._make(name)
        made = text_at(answer.json(), "containerId")
        if made is None:
            raise BadAnswer(answer.what)
        return made

    async def _delete(self, container: Container) -> None:
        """Delete a container of ours; one that stays is no reason to have no other."""
        try:
            await self._call(_deleting(container.id))
        except _OF_THE_ACCOUNT:
            raise
        except CloudError as error:
            _LOGGER.debug("A container was not deleted: %s", error)

    async def _make(self, name: str) -> Answer:
        """Make a container, without what BMW says it does not know.

        Which descriptor that is it may keep to itself: then the essential ones do.
        """
        for _ in range(_MOST_WISHES - 1):
            wish = self._descriptors
            try:
                return await self._call(new_container(name, self._purpose, wish))
            except DescriptorUnknown as error:
                named = [one for one in wish if one in error.said]
                unknown = named or [one for one in wish if one not in ESSENTIAL]
                if not unknown:
                    raise
            await self._leave_out(unknown)
        return await self._call(new_container(name, self._purpose, self._descriptors))

    async def _leave_out(self, names: list[str]) -> None:
        still = self._descriptors
        left_out = [one for one in DESCRIPTORS if one not in still or one in names]
        kept = {"of": _digest(DESCRIPTORS), "names": left_out}
        await self._state.keep_document("descriptors_left_out", kept)

    async def _own_name(self) -> str:
        """Return the name by which this installation knows its own container again."""
        mark = self._state.text("installation")
        if mark is None:
            mark = secrets.token_hex(4)
            await self._state.keep(installation=mark)
        return f"{NAME} {mark}"


def _digest(descriptors: tuple[str, ...]) -> str:
    digest = hashlib.sha256("\n".join(descriptors).encode()).hexdigest()
    return f"v1-{digest[:8]}"


def containers_of(body: Any) -> Iterator[Container]:
    """Read the list; those that are deleted only linger there."""
    listed = body.get("containers") if isinstance(body, Mapping) else None
    if not isinstance(listed, list):
        raise BadAnswer(CONTAINERS.path)
    for row in listed:
        number, name = text_at(row, "containerId"), text_at(row, "name")
        state = text_at(row, "state") or "ACTIVE"
        if number is None or name is None or state != "ACTIVE":
            continue
        yield Container(id=number, name=name, purpose=text_at(row, "purpose") or "")


def _deleting(container_id: str) -> Request:
    return Request(
        method=DELETE_CONTAINER.method,
        path=DELETE_CONTAINER.path.format(container=quote(container_id, safe="")),
        accepted=DELETE_CONTAINER.accepted,
    )
