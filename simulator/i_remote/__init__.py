"""BMW's i Remote on loopback."""

from .cloud import IRemote

__all__ = ["IRemote"]
