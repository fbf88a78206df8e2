"""The command over a database: the same words as over a folder."""

from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import shlex
from typing import Any

import pytest
from typer.testing import CliRunner

from carport.cloud.call_limits import CallLimit
from carport.cloud.clock import SystemClock
from carport.cloud.ledger import Ledger, Purpose
from carport.engine.storage import LeaseLost
from cli.app import app
from cli.cipher import Cipher, make_key
from cli.database import open_home
from cli.exits import Failure
from cli.home import AccountRecord, Home
from cli.leases import Leases
from cli.postgres import Database
from cli.postgres_store import counted

from .postgres import Server


@pytest.fixture
def run(tmp_path: Path, database: Server) -> Any:
    """Return what types a line, with a database in place of the folder."""
    env = {
        "CARPORT_HOME": str(tmp_path / "state"),
        "CARPORT_DATABASE": database.address,
        "COLUMNS": "80",
    }

    def typed(words: str, **more: str | None) -> Any:
        return CliRunner().invoke(app, shlex.split(words), env={**env, **more})

    return typed


def test_accounts_in_a_database(run: Any, database: Server, tmp_path: Path) -> None:
    """Added, looked at, commanded, held against others, and removed."""
    assert "carport database --init" in run("accounts").stderr
    make_key(tmp_path / "state" / "key")
    assert "carport database --init" in run("accounts").stderr
    assert run("database --init").exit_code == 0
    added = run("add demo --json")
    assert added.exit_code == 0, added.stderr
    assert not (tmp_path / "state" / "accounts").exists()
    assert "Battery level" in run("show aurora").stdout
    done = run("lock aurora --no-wait")
    assert done.exit_code == 0, done.stderr
    assert run("profile aurora saver").exit_code == 0
    assert "saver" in run("profile aurora").stdout
    other = Leases(Database(database.address))
    assert other.take(1) == ["demo"]
    refused = run("read aurora --json")
    assert refused.exit_code == 1
    assert "account_in_use" in refused.stdout
    assert run("show aurora").exit_code == 0
    other.release("demo")
    assert run("remove demo --yes").exit_code == 0
    assert database.ask("SELECT * FROM carport_accounts") == []


def test_another_key_opens_nothing(run: Any, tmp_path: Path) -> None:
    """It says so, and names what to do."""
    run("database --init")
    run("add demo")
    other = tmp_path / "other"
    make_key(other)
    refused = run("cars", CARPORT_KEY_FILE=str(other))
    assert refused.exit_code == 1
    assert "CARPORT_KEY_FILE has to name the key" in refused.stderr
    both = tmp_path / "both"
    mine = tmp_path / "state" / "key"
    both.write_text(other.read_text() + mine.read_text(), encoding="ascii")
    assert "Aurora" in run("cars", CARPORT_KEY_FILE=str(both)).stdout
    missing = run("cars", CARPORT_KEY_FILE=str(tmp_path / "none"))
    assert missing.exit_code == 2


def test_the_fencing_number_keeps_a_late_process_out(
    run: Any, database: Server
) -> None:
    """It counts no call, writes nothing, and learns that the account is another's."""
    run("database --init")
    run("add demo")
    late, next_ = (Leases(Database(database.address)) for _ in range(2))
    assert late.take(1) == ["demo"]
    assert next_.take(1) == []
    database.ask("UPDATE carport_accounts SET expires_at = '-infinity'")
    # Nobody has taken it meanwhile: the late one goes on.
    late.book("demo", Purpose.READ, 1.0)
    assert late.renew() == []
    database.ask("UPDATE carport_accounts SET expires_at = '-infinity'")
    assert next_.take(1) == ["demo"]
    with pytest.raises(LeaseLost):
        late.book("demo", Purpose.COMMAND, 2.0)
    assert database.ask("SELECT count(*) FROM carport_calls") == [(1,)]
    assert not late.held
    again = Leases(Database(database.address))
    database.ask("UPDATE carport_accounts SET expires_at = '-infinity'")
    again.take(1)
    with pytest.raises(LeaseLost):
        next_.write("demo", "journal", b"late")
    assert database.ask("SELECT journal FROM carport_accounts") == [(None,)]
    database.ask("UPDATE carport_accounts SET fence = fence + 1")
    assert again.renew() == ["demo"]


def test_old_calls_are_dropped(run: Any, database: Server) -> None:
    """Each account keeps what a window of some limit can still count."""
    run("database --init")
    run("add demo")
    leases = Leases(Database(database.address))
    assert leases.take(1) == ["demo"]
    day = 24 * 3600.0
    for at in (0.0, 5 * day, 9 * day):
        leases.book("demo", Purpose.READ, at)
    leases.forget_calls()
    rows = database.ask("SELECT made_at FROM carport_calls ORDER BY made_at")
    assert [at for (at,) in rows] == [5 * day, 9 * day]


def test_a_folder_moves_in(run: Any, tmp_path: Path) -> None:
    """Accounts with all that is known of their cars; nothing is deleted."""
    assert run("add demo", CARPORT_DATABASE=None).exit_code == 0
    assert run("database --init --import").stdout.endswith("Copied: demo.\n")
    assert "Battery level" in run("show aurora").stdout
    assert Home(tmp_path / "state").accounts()
    assert run("database --import").exit_code == 1


def test_an_account_of_another_version_is_named(
    run: Any, database: Server, tmp_path: Path
) -> None:
    """Its service is not known here; it can be taken away all the same."""
    run("database --init")
    home = open_home(tmp_path / "state", database.address)
    home.keep(AccountRecord(name="road_link", service="road_link", region="eu"))
    (named,) = json.loads(run("accounts --json").stdout)
    assert named["account"] == "road_link"
    assert "Use the version that added it" in named["problem"]
    assert run("login road_link").exit_code == 1
    assert run("remove road_link --yes").exit_code == 0
    assert database.ask("SELECT * FROM carport_accounts") == []


def test_what_is_sealed_opens_at_its_place_alone(tmp_path: Path) -> None:
    """Rows that somebody swaps do not open."""
    key = tmp_path / "key"
    make_key(key)
    before = key.read_text()
    make_key(key)
    assert key.read_text() == before
    cipher = Cipher.from_file(key)
    sealed = cipher.seal("one/kept", {"tokens": "secret"})
    assert b"secret" not in sealed
    assert cipher.open("one/kept", sealed) == {"tokens": "secret"}
    with pytest.raises(Failure):
        cipher.open("two/kept", sealed)


def test_calls_of_another_process_count() -> None:
    """A ledger goes on from what the database has counted, not from its own last save."""
    clock = SystemClock()
    limits = (CallLimit(calls=20, per=timedelta(hours=1)),)
    ledger = Ledger(clock, limits=limits)
    now = datetime.now(UTC)
    calls = [
        ((now - timedelta(minutes=m)).timestamp(), "read") for m in range(5, 0, -1)
    ]
    kept = counted(ledger.to_json(), calls)
    again = Ledger(clock, limits=limits, data=kept)
    assert ledger.left() == 20
    assert again.left() == 15
