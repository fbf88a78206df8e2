"""Škoda's official public interface, which takes a key in place of a password."""

from .cloud import Skoda

__all__ = ["Skoda"]
