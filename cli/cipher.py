"""What is encrypted before it leaves this machine, with a key that the owner holds."""

import base64
from collections.abc import Sequence
import json
import os
from pathlib import Path
from typing import Any, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .exits import Exit, Failure
from .files import make_folder

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class Cipher:
    """Encrypts JSON by AES-256-GCM; what is moved to another place does not open.

    The first key encrypts, every key decrypts: so a key can be changed while others
    still use the old one.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Take the keys."""
        self._keys = tuple(AESGCM(key) for key in keys)

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read the keys of a file, one a line; raise `Failure` where it has none."""
        try:
            lines = path.read_text(encoding="ascii").split()
            keys = [base64.b64decode(line, validate=True) for line in lines]
        except OSError:
            raise _wrong(
                path, "cannot be read; carport database --init makes one"
            ) from None
        except ValueError:
            keys = []
        if not keys or any(len(key) != _KEY_BYTES for key in keys):
            raise _wrong(path, "holds no key; carport database --init makes one")
        return cls(keys)

    def seal(self, place: str, data: Any) -> bytes:
        """Encrypt JSON for a place: it opens nowhere else."""
        nonce = os.urandom(_NONCE_BYTES)
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return nonce + self._keys[0].encrypt(nonce, text.encode(), place.encode())

    def open(self, place: str, sealed: bytes | None) -> Any:
        """Return what was sealed for a place; raise `Failure` if no key fits."""
        if sealed is None:
            return None
        nonce, rest = bytes(sealed[:_NONCE_BYTES]), bytes(sealed[_NONCE_BYTES:])
        for key in self._keys:
            try:
                return json.loads(key.decrypt(nonce, rest, place.encode()))
            except InvalidTag, ValueError:
                continue
        raise Failure(
            Exit.REFUSED,
            "wrong_key",
            "The key does not open what the database holds. CARPORT_KEY_FILE has to name "
            "the key with which the accounts were added.",
        )


def make_key(path: Path) -> None:
    """Write a new key, for its owner alone; one that is there stays."""
    make_folder(path.parent)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(base64.b64encode(os.urandom(_KEY_BYTES)).decode() + "\n")


def _wrong(path: Path, what: str) -> Failure:
    return Failure(Exit.USAGE, "key_file", f"The key file {path} {what}.")
