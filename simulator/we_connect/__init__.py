"""Volkswagen We Connect in Europe, as it was from 2018 until 2023."""

from .cloud import WeConnect

__all__ = ["WeConnect"]
