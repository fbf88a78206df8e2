"""What an account keeps: written when it is new, and not once more."""

from typing import Any, override

from carport.engine import AccountStore, MemoryStorage


class CountingStorage(MemoryStorage):
    """Remembers what was written at once."""

    def __init__(self) -> None:
        """Have written nothing."""
        super().__init__()
        self.written: list[dict[str, Any]] = []

    @override
    async def save_now(self, data: dict[str, Any]) -> None:
        self.written.append(data)
        await super().save_now(data)


async def test_what_is_kept_already_is_not_written_again() -> None:
    """Unless it is another value, or something else is due."""
    storage = CountingStorage()
    store = AccountStore(storage)
    await store.load()
    for _ in range(3):
        await store.keep(tokens={"access": "a"})
    assert storage.written == [{"tokens": {"access": "a"}}]
    await store.keep(tokens={"access": "b"})
    assert len(storage.written) == 2


async def test_what_is_due_is_written_with_it() -> None:
    """A call that was counted is on disk once anything is kept."""
    storage = CountingStorage()
    # It saves later by itself.
    storage.save_soon = lambda data, delay: None  # type: ignore[method-assign]
    store = AccountStore(storage)
    await store.load()
    await store.keep(tokens={"access": "a"})
    calls = [1]
    store.keep_from(ledger=lambda: list(calls))
    calls.append(2)
    store.changed()
    assert store.unsaved
    await store.keep(tokens={"access": "a"})
    assert storage.written[-1] == {"tokens": {"access": "a"}, "ledger": [1, 2]}
    assert not store.unsaved
