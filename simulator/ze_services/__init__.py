"""Renault Z.E. Services, in both generations of its sign-in."""

from .cloud import ZeServices

__all__ = ["ZeServices"]
