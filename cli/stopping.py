"""Ctrl-C and SIGTERM: heard from the first moment on, and obeyed where the work waits.

An exception made by a signal would come out anywhere: in a module that is being loaded,
or where Python prints it and goes on as if nothing had been. So a signal is only noted,
and what is being done is cancelled as tasks are.

Nothing is loaded here that Python has not loaded by itself: `signal`, and what gives
names to types, take long enough to be met by a signal.
"""

import _signal as signal  # type: ignore[import-not-found] # mypy knows `signal` alone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SIGNALS: tuple[int, ...] = (signal.SIGINT, signal.SIGTERM)
_PATIENT = 2
"""How many signals wait for the work to end; the next one ends the process."""


class Stop:
    """What is done about signals, and whether there were any."""

    def __init__(self) -> None:
        """Begin with none."""
        self._heard = 0
        self._act: Callable[[], object] | None = None

    @property
    def wanted(self) -> bool:
        """Whether somebody wants the command to end."""
        return self._heard > 0

    def listen(self) -> None:
        """Hear signals from now on, but for those that whoever started it shut out."""
        for number in SIGNALS:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._hear)

    def shut_out(self) -> None:
        """Hear no more: all is said, and how the process ends too."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def act(self, act: Callable[[], object] | None) -> Callable[[], object] | None:
        """Do this at each signal from now on; return what was done before."""
        before, self._act = self._act, act
        return before

    def _hear(self, number: int, _frame: object) -> None:
        self._heard += 1
        if self._heard > _PATIENT:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        elif self._act is not None:
            self._act()


STOP = Stop()
"""That of this process."""
