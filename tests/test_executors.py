"""The threads of a test end before anybody looks for those that were left behind."""

import threading

import pytest

from homeassistant.util import executor as executor_module
from homeassistant.util.executor import InterruptibleThreadPoolExecutor


@pytest.mark.parametrize("threads", [1, 8])
def test_a_thread_that_ends_late_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    """However little time Home Assistant's executor gives it; else a test fails by load."""
    monkeypatch.setattr(executor_module, "EXECUTOR_SHUTDOWN_TIMEOUT", 0.01)
    goes_on = threading.Event()
    executor = InterruptibleThreadPoolExecutor(threads, thread_name_prefix="late")
    jobs = [executor.submit(goes_on.wait, 30) for _ in range(threads)]
    late = threading.Timer(0.2, goes_on.set)
    late.start()
    executor.shutdown()
    left = [one.name for one in threading.enumerate() if one.name.startswith("late_")]
    late.join()
    assert not left
    assert all(job.result() for job in jobs)
