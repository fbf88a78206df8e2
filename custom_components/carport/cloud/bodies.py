"""Bodies of answers: read within bounds, inflated within bounds, then text and JSON."""

from dataclasses import dataclass
import json
import re
from typing import Any, Final
import zlib

import aiohttp

from ..car.bounds import clean_json

ENCODINGS: Final = "gzip, deflate"
"""The compressions that can be undone here, as a request names them."""

_MIB: Final = 1024 * 1024
_MOST_MEMBERS: Final = 16
_MOST_VALUES: Final = 500_000
_ZLIB_HEADER: Final = 8
_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_SIGNATURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"PK\x03\x04")
_BINARY: Final = ("image/", "application/zip")
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_OTHERS: Final = frozenset({"iso-8859-1", "iso-8859-15", "windows-1252", "latin1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """How many bytes of one kind of answer are taken, on the wire and inflated."""

    wire: int
    inflated: int


ANSWER: Final = Bound(wire=4 * _MIB, inflated=4 * _MIB)
PAGE: Final = Bound(wire=2 * _MIB, inflated=2 * _MIB)
PICTURE: Final = Bound(wire=8 * _MIB, inflated=8 * _MIB)
INDEX: Final = Bound(wire=_MIB, inflated=_MIB)

PICTURE_TYPES: Final = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})
"""Images in which nothing can stand that a browser runs."""


class BadBody(ValueError):
    """A body that is too much, or not compressed as its header says."""


async def read_body(response: aiohttp.ClientResponse, bound: Bound) -> bytes:
    """Take a body piece by piece and stop at the bound.

    The response must not have been inflated by the library, which knows no bound.
    """
    if (response.content_length or 0) > bound.wire:
        raise BadBody
    body = bytearray()
    inflater: _Inflater | None = None
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in {"", "identity"}:
        inflater = _Inflater(encoding, bound.inflated)
    taken = 0
    async for piece in response.content.iter_any():
        taken += len(piece)
        if taken > bound.wire:
            raise BadBody
        if inflater is None:
            body += piece
        else:
            inflater.inflate(piece, body)
    if inflater is not None and taken:
        inflater.finish()
    return bytes(body)


class _Inflater:
    """Undoes gzip or deflate up to a number of bytes."""

    def __init__(self, encoding: str, most: int) -> None:
        """Refuse compressions that cannot be undone."""
        if encoding not in {"gzip", "x-gzip", "deflate"}:
            raise BadBody
        self._gzip = encoding != "deflate"
        self._most = most
        self._members = 0
        self._stream: zlib._Decompress | None = None

    def inflate(self, piece: bytes, body: bytearray) -> None:
        """Append what a piece of the wire holds."""
        try:
            while piece:
                if self._stream is None or self._stream.eof:
                    self._stream = self._next(piece)
                body += self._stream.decompress(piece, self._most - len(body) + 1)
                if len(body) > self._most:
                    raise BadBody
                piece = self._stream.unconsumed_tail or self._stream.unused_data
        except zlib.error:
            raise BadBody from None

    def finish(self) -> None:
        """Raise if the stream is not at its end."""
        if self._stream is None or not self._stream.eof:
            raise BadBody

    def _next(self, piece: bytes) -> zlib._Decompress:
        """Begin a member; only gzip has several, and a bounded number of them."""
        self._members += 1
        if self._members > (_MOST_MEMBERS if self._gzip else 1):
            raise BadBody
        if self._gzip:
            return zlib.decompressobj(16 + zlib.MAX_WBITS)
        # Some servers leave the header of zlib out.
        bare = piece[0] & 0x0F != _ZLIB_HEADER
        return zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS)


def text_of(content: bytes, content_type: str = "") -> str:
    """Decode a body: by its byte order mark, as UTF-8, else as it is declared.

    UTF-8 comes before what is declared, since servers often declare something else.
    """
    for mark, codec in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(codec, "replace")
    found = _CHARSET.search(content_type)
    charset = "" if found is None else found[1].lower()
    if charset.startswith("utf-16") and b"\0" in content[:4]:
        big = charset.endswith("be") or content[0] == 0
        return content.decode("utf-16-be" if big else "utf-16-le", "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode(charset if charset in _OTHERS else "utf-8", "replace")


def is_binary(content: bytes, content_type: str = "") -> bool:
    """Return whether a body is a picture or an archive, which no text stands for."""
    return content.startswith(_SIGNATURES) or content_type.strip().lower().startswith(
        _BINARY
    )


def parse_json(text: str | bytes) -> Any:
    """Read JSON of any shape, cleaned; ValueError if it is none or beyond bounds."""
    if isinstance(text, bytes):
        text = text_of(text)
    # Counted before anything is built: many tiny values take far more room than text.
    if text.count(",") + text.count("[") + text.count("{") > _MOST_VALUES:
        raise ValueError("too many values")
    try:
        return clean_json(json.loads(text, parse_constant=_no_number))
    except RecursionError:
        raise ValueError("nested too deep") from None


def _no_number(word: str) -> None:
    """Refuse NaN and Infinity, which only Python takes for JSON."""
    raise ValueError(word)
