"""To which server an account goes, and what was kept of another one."""

import pytest
from yarl import URL

from carport.cloud.errors import PlainServer
from carport.cloud.server import ServerPin
from carport.engine import AccountStore, Engine, Login, MemoryStorage
from carport.engine.storage import belongs_to, pinned
from simulator.clock import ManualClock

from .paper_service import NOON

PLAIN = "http://carport.example.com:8700"


@pytest.mark.parametrize("agreed", [(), ("another doubt",)])
async def test_a_server_in_clear_is_not_called_without_leave(
    agreed: tuple[str, ...],
) -> None:
    """Nor with the leave for something else; nothing is called to find out."""
    engine = await Engine.load(clock=ManualClock(NOON))
    login = Login(service="demo", region="demo", username="", server=PLAIN)
    with pytest.raises(PlainServer):
        await engine.open(None, "home", login, agreed=agreed)  # type: ignore[arg-type]  # no call is made
    await engine.close()


def test_what_was_kept_belongs_to_one_server() -> None:
    """What is older than servers belongs to the account as it is."""
    assert belongs_to({}, PLAIN)
    assert belongs_to({}, None)
    assert belongs_to(pinned(None), None)
    assert not belongs_to(pinned(None), PLAIN)
    kept = pinned(ServerPin(address=URL(PLAIN), origins={"api.example": URL(PLAIN)}))
    assert belongs_to(kept, PLAIN) is True
    assert not belongs_to(kept, "http://another.example.com:8700")
    assert not belongs_to(kept, None)


@pytest.mark.parametrize(
    ("kept", "tokens"), [({"access": "a"}, {"access": "a"}), ([1], None), ("x", None)]
)
async def test_only_tokens_are_tokens(kept: object, tokens: object) -> None:
    """Something else in their place counts as none."""
    store = AccountStore(MemoryStorage({"tokens": kept}))
    await store.load()
    assert store.tokens == tokens


async def test_a_sign_in_keeps_what_was_learnt_of_pins_since_it_began() -> None:
    """A PIN that was refused while a dialog was open is not sent once more."""
    refused = {"pin_blocked": 1, "pins_refused": "digest", "pin_salt": "00"}
    store = AccountStore(MemoryStorage())
    await store.keep(**pinned(None), tokens={"access": "old", **refused})
    await store.keep_sign_in(**pinned(None), tokens={"access": "new"})
    assert store.tokens == {"access": "new", **refused}
    # Another server's PINs are another thing.
    origins = {"api.example": URL(PLAIN)}
    elsewhere = pinned(ServerPin(address=URL(PLAIN), origins=origins))
    await store.keep_sign_in(**elsewhere, tokens={"access": "there"})
    assert store.tokens == {"access": "there"}
