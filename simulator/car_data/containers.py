"""Containers: lists of keys by name, at most ten of them, never changed."""

from datetime import datetime, timedelta
import secrets
import string
from typing import Any, Final

from aiohttp import web

from ..bodies import json_object
from .account import AccountState, Container
from .answers import Refused
from .descriptors import is_known
from .settings import Settings

_ID_LENGTH: Final = 13
_LETTERS: Final = string.ascii_uppercase + string.digits
_KEPT_DELETED: Final = timedelta(days=29)
_LONGEST_NAME: Final = 200


def stamp(moment: datetime) -> str:
    """Return a moment as the cloud writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def listed(account: AccountState, now: datetime) -> dict[str, Any]:
    """Return all containers, without their keys; deleted ones stay for a while."""
    account.containers = [
        one
        for one in account.containers
        if one.deleted is None or one.deleted + _KEPT_DELETED > now
    ]
    return {"containers": [_outline(one) for one in account.containers]}


async def create(
    request: web.Request, account: AccountState, settings: Settings, now: datetime
) -> web.Response:
    """Make a container of what was asked for."""
    if settings.containers_refused:
        raise Refused("CU-403")  # Before the body is looked at.
    wish = await json_object(request)
    if request.content_type != "application/json" or wish is None:
        raise Refused("CU-400")
    name, purpose = wish.get("name"), wish.get("purpose")
    keys = wish.get("technicalDescriptors")
    if not (_is_name(name) and _is_name(purpose) and isinstance(keys, list) and keys):
        raise Refused("CU-400")
    for key in keys:
        if not is_known(key) or key == settings.unknown_descriptor:
            named = f"Telematic key is invalid: {key}"
            raise Refused("CU-402", named if settings.names_unknown else None)
    active = sum(one.deleted is None for one in account.containers)
    if active >= settings.container_limit:
        raise Refused("CU-124")
    container = Container(
        id="".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH)),
        name=str(name),
        purpose=str(purpose),
        keys=tuple(dict.fromkeys(keys)),
        created=now,
    )
    account.containers.append(container)
    return web.json_response(details(container), status=201)


def delete(account: AccountState, container_id: str, now: datetime) -> web.Response:
    """Mark a container as deleted."""
    container = _find(account, container_id)
    if container.deleted is not None:
        raise Refused("CU-122")
    container.deleted = now
    return web.Response(status=204)


def active(account: AccountState, container_id: str) -> Container:
    """Return a container that serves data."""
    container = _find(account, container_id)
    if container.deleted is not None:
        raise Refused("CU-105")
    return container


def _find(account: AccountState, container_id: str) -> Container:
    usable = len(container_id) == _ID_LENGTH and container_id.isalnum()
    if not usable:
        raise Refused("CU-121")
    for container in account.containers:
        if container.id == container_id:
            return container
    raise Refused("CU-105")


def details(container: Container) -> dict[str, Any]:
    """Return a container with its keys."""
    return {**_outline(container), "technicalDescriptors": list(container.keys)}


def _outline(container: Container) -> dict[str, Any]:
    return {
        "containerId": container.id,
        "name": container.name,
        "purpose": container.purpose,
        "state": "ACTIVE" if container.deleted is None else "DELETED",
        "created": stamp(container.created),
    }


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME


def to_json(container: Container) -> dict[str, Any]:
    """Turn a container into what outlives the simulator."""
    return {
        "id": container.id,
        "name": container.name,
        "purpose": container.purpose,
        "keys": list(container.keys),
        "created": container.created.isoformat(),
        "deleted": container.deleted and container.deleted.isoformat(),
    }


def from_json(kept: dict[str, Any]) -> Container:
    """Bring a container back."""
    deleted = kept["deleted"]
    return Container(
        id=str(kept["id"]),
        name=str(kept["name"]),
        purpose=str(kept["purpose"]),
        keys=tuple(str(key) for key in kept["keys"]),
        created=datetime.fromisoformat(kept["created"]),
        deleted=None if deleted is None else datetime.fromisoformat(deleted),
    )
