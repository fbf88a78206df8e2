"""BMW CarData on loopback: the device sign-in, REST and the stream."""

from .cloud import CarData

__all__ = ["CarData"]
