"""The files of a delivery, and the ZIP around them."""

from collections.abc import Mapping
import io
import json
from random import Random
from typing import Any, Final
import zipfile

from .account import DataActAccount

type Entries = list[dict[str, str]]

_TIME: Final = (2026, 1, 1, 0, 0, 0)
_WAYS_TO_SAY_NOTHING: Final = 3


def content_of(
    name: str, vin: str, account: DataActAccount, entries: Entries
) -> dict[str, bytes]:
    """Return the files: entries in no order, in one file or in two."""
    Random(name).shuffle(entries)
    if not account.several:
        return {f"{name}.json": _file(vin, account, entries)}
    half = len(entries) // 2
    return {
        f"{name}_{number}.json": _file(vin, account, part)
        for number, part in enumerate((entries[:half], entries[half:]))
    }


def nothing(name: str, vin: str, number: int) -> bytes:
    """Return a delivery without content, which comes in three ways."""
    match number % _WAYS_TO_SAY_NOTHING:
        case 0:
            return packed({f"{name}.json": _json({"vin": vin})})
        case 1:
            return packed({f"{name}.json": b""})
    return b""


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return files in a ZIP; the same ones are the same ZIP."""
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _TIME)
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return room.getvalue()


def broken(content: bytes) -> bytes:
    """Return a ZIP whose end is missing."""
    return content[: len(content) * 2 // 3]


def _file(vin: str, account: DataActAccount, entries: Entries) -> bytes:
    timed = bool(entries) and all("timestampUtc" in entry for entry in entries)
    owner = "userId" if timed else "user_id"
    return _json({"vin": vin, owner: account.user_id, "Data": entries})


def _json(content: Any) -> bytes:
    return json.dumps(content, indent=0).encode()
