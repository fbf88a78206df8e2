"""Bringing back what was kept on disk: damage costs what is damaged, no more."""

from collections.abc import Callable

from .const import LOGGER


def restored[T](what: str, read: Callable[[], T], begin_anew: Callable[[], T]) -> T:
    """Read what was kept; what is of another shape than ours begins anew."""
    try:
        return read()
    except AttributeError, KeyError, TypeError, ValueError:
        LOGGER.warning("The kept %s could not be read and begins anew", what)
        return begin_anew()
