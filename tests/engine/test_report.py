"""What an account's report says of where it goes, and of whom it says nothing."""

from yarl import URL

from carport.cloud.server import ServerPin
from carport.engine.report import report
from carport.engine.storage import pinned

from .running import FIRST, Running


async def test_the_report_says_how_a_server_is_reached_and_not_where() -> None:
    """Without one there is nothing to say: the maker itself is called."""
    running = Running()
    running.service.answer = lambda vin: running.says(True)
    account = await running.open()
    await running.advance(2)
    assert report(account, (), {})["server_hosts"] == {}
    origins = {"api.example": URL("https://secret.example.com:8700")}
    pin = ServerPin(address=URL("https://secret.example.com"), origins=origins)
    await account.store.keep(**pinned(pin))
    told = report(account, (), {})
    assert told["server_hosts"] == {"api.example": "https, own machine, remote"}
    assert "secret" not in str(told)
    assert FIRST not in str(told)
    await running.engine.close()
