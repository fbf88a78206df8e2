"""MyRenault: sign-in at Gigya, cars at Kamereon."""

from .cloud import MyRenault

__all__ = ["MyRenault"]
