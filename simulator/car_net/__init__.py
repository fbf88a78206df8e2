"""Volkswagen Car-Net in North America, as it was before myVW."""

from .cloud import CarNet

__all__ = ["CarNet"]
