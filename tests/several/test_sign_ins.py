"""Sign-ins of an account that one process takes over from another."""

import asyncio
from contextlib import AsyncExitStack, ExitStack, suppress
from pathlib import Path
from typing import Final

import pytest

from carport.cloud.errors import CloudError, Throttled
from carport.engine.login import LoginFailed
from carport.engine.storage import LeaseLost
from carport.makers.eu_data_act.session import A_DAY
from carport.makers.registry import SERVICES
from cli.cipher import Cipher, make_key
from cli.database import key_path, open_home, prepare
from cli.exits import Exit, Failure
from cli.output import Output
from cli.postgres import Database
from cli.postgres_home import PostgresHome
from cli.sessions import open_accounts
from cli.sign_in import Given, add, sign_in_again
from simulator.app import Simulator
from simulator.clock import JumpClock
from tests.makers.profile import account_of

from .fleet import NoKeyboard
from .postgres import Server

_OWNER: Final = account_of("datenprobe@example.com")
_HOUR: Final = 3600.0


# Those that are dead leave what they wanted to write.
@pytest.mark.parametrize("expected_lingering_timers", [True])
async def test_a_day_of_take_overs_signs_in_no_oftener(
    tmp_path: Path, database: Server, expected_lingering_timers: bool
) -> None:
    """Each process dies without a last word, and the next counts what it had tried.

    Signing in too often locks the owner out of the whole account, in the app too.
    """
    simulator = Simulator(JumpClock())
    await simulator.start()
    control = simulator.control
    home = await _added(tmp_path, database, simulator)
    (record,) = home.accounts()
    tried, paused = [], 0
    async with AsyncExitStack() as dead:
        dead.push_async_callback(simulator.stop)
        for _ in range(12):
            # Nobody renews the lease of one that is dead; the next takes it.
            database.ask("UPDATE carport_accounts SET expires_at = '-infinity'")
            process = open_home(tmp_path, database.address)
            dead.enter_context(suppress(LeaseLost))
            session = await dead.enter_async_context(open_accounts(process, [record]))
            control.advance(_HOUR)
            control.account(_OWNER.username, revoke="session")
            with suppress(CloudError):
                try:
                    await session.engine.accounts[record.name].service.cars()
                except Throttled:
                    paused += 1
            calls = control.calls("*/login/authenticate", method="POST")
            tried.append(len(calls))
    # One was the owner's own; a day has not passed.
    assert 1 < tried[-1] <= A_DAY
    assert paused == 12 - (tried[-1] - 1)
    # Every call that went out is in the database.
    assert _booked(database) == len(control.calls())


async def test_the_calls_of_a_sign_in_count(tmp_path: Path, database: Server) -> None:
    """Those of the first one too, and those of one that fails."""
    simulator = Simulator(JumpClock())
    await simulator.start()
    home = await _added(tmp_path, database, simulator)
    (record,) = home.accounts()

    def called() -> int:
        return len(simulator.control.calls())

    assert _booked(database) == called() > 0
    before = called()
    simulator.control.account(_OWNER.username, sign_in="locked")
    given = Given(secret=_OWNER.password)
    with pytest.raises(LoginFailed):
        await sign_in_again(home, record, given, Output(), NoKeyboard())
    assert _booked(database) == called() > before
    # Another process goes on from there.
    other = open_home(tmp_path, database.address)
    assert len(other.kept(record.name)["ledger"]["calls"]) == called()
    await simulator.stop()


async def test_two_sign_ins_at_once_do_not_meet(
    tmp_path: Path, database: Server
) -> None:
    """The second waits for a while, then says why it ends, and works later."""
    simulator = Simulator(JumpClock())
    await simulator.start()
    first = prepare(tmp_path, database.address)
    second = PostgresHome(
        tmp_path,
        Database(database.address, patience=0.1),
        Cipher.from_file(key_path(tmp_path)),
    )
    # The first one asks its owner for something meanwhile.
    with first.signing_in():
        with pytest.raises(Failure) as refused:
            await _add(second, simulator)
        assert not simulator.control.calls()
    assert refused.value.key == "sign_in_under_way"
    assert refused.value.code is Exit.REFUSED
    assert "try again" in refused.value.message
    await _add(second, simulator)
    assert [record.service for record in first.accounts()] == [_OWNER.service]
    await simulator.stop()


async def test_a_sign_in_waits_for_a_short_one(
    tmp_path: Path, database: Server
) -> None:
    """Two that were started together both work, one after the other."""
    first = prepare(tmp_path, database.address)
    second = open_home(tmp_path, database.address)
    with ExitStack() as held:
        with first.signing_in():
            waiting = asyncio.ensure_future(
                asyncio.to_thread(held.enter_context, second.signing_in())
            )
            waits = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            while not database.ask(waits):
                assert not waiting.done()
                await asyncio.sleep(0)
        await waiting


async def test_a_database_that_is_away_is_no_other_sign_in(tmp_path: Path) -> None:
    """It has a reason of its own, since another step helps."""
    address = f"postgresql:///postgres?host={tmp_path}&user=carport"
    make_key(key_path(tmp_path))
    away = PostgresHome(
        tmp_path,
        Database(address, patience=0.1),
        Cipher.from_file(key_path(tmp_path)),
    )
    with pytest.raises(Failure) as refused, away.signing_in():
        raise AssertionError
    assert refused.value.key == "database_unreachable"


def _booked(database: Server) -> int:
    (number,) = database.ask("SELECT count(*) FROM carport_calls")[0]
    return int(number)


async def _added(folder: Path, database: Server, simulator: Simulator) -> PostgresHome:
    """Add the owner's account, as `carport add` does."""
    home = prepare(folder, database.address)
    await _add(home, simulator)
    return home


async def _add(home: PostgresHome, simulator: Simulator) -> None:
    info = SERVICES[_OWNER.service].info
    typed = _OWNER.typed(info.sign_in_fields)
    given = Given(
        values={key: text for key, text in typed.items() if key != "password"},
        secret=_OWNER.password,
    )
    await add(
        home, info, _OWNER.region, simulator.address, given, Output(), NoKeyboard()
    )
