"""What works, what does not, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
import os
import platform
import stat
from typing import Any

from carport.cloud.errors import CloudError
from carport.cloud.hosts import HostMap
from carport.cloud.identity import private_values
from carport.cloud.product import PRODUCT
from carport.cloud.redaction import Redactor
from carport.cloud.server import fetch_index
from carport.engine import Account, GarageCar
from carport.engine.report import account_redactor, report

from .exits import Exit, Failure, exit_of_error
from .home import AccountRecord, Home
from .network import Probe, clock_problem, probe
from .output import Output
from .sessions import http_session, open_accounts
from .tables import grid
from .words import say, say_error, say_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    what: str
    works: bool
    why: str = ""
    code: Exit = Exit.DONE


@dataclass(slots=True, kw_only=True)
class Examination:
    """What was found, and what goes into the report besides."""

    findings: list[Finding] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    redactors: list[Redactor] = field(default_factory=list)

    @property
    def code(self) -> Exit:
        """The code of the first thing that does not work."""
        wrong = (one.code for one in self.findings if not one.works)
        return next(wrong, Exit.DONE)

    def to_json(self) -> list[dict[str, Any]]:
        """Return the findings for programs."""
        return [{**asdict(one), "code": int(one.code)} for one in self.findings]

    def report(self) -> dict[str, Any]:
        """Return all of it without anything about the owner."""
        told: Any = {
            "carport": PRODUCT,
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}",
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "findings": self.to_json(),
            "accounts": self.reports,
        }
        for redactor in self.redactors:
            told = redactor.replace(told)
        return dict(told)


async def examine(home: Home) -> Examination:
    """Look at folder, clock, network, each account, and each car through each."""
    # Where it lies, there is mostly somebody's name.
    found = Examination(redactors=[Redactor((), (str(home.path),))])
    found.findings += _folder(home)
    records = home.accounts()
    found.findings += await _network(records)
    for record in records:
        await _account(home, record, found)
    found.findings += [
        Finding(
            what=f"Account {one.name}",
            works=False,
            why=one.problem,
            code=Exit.REFUSED,
        )
        for one in home.damaged()
    ]
    return found


def show(found: Examination, out: Output) -> None:
    """Print what was found."""
    if out.as_json:
        out.json(found.to_json())
        return
    table = grid("", "What", "Why")
    for one in found.findings:
        table.add_row("ok" if one.works else "no", one.what, one.why)
    out.table(table)


def _folder(home: Home) -> Iterator[Finding]:
    what = f"State folder {home.path}"
    try:
        home.make()
    except OSError as error:
        yield Finding(
            what=what, works=False, why=error.strerror or "", code=Exit.REFUSED
        )
        return
    open_to_others = stat.S_IMODE(home.path.stat().st_mode) & 0o077
    if open_to_others or not os.access(home.path, os.W_OK):
        why = "Others can look into it, or you cannot write there: chmod 700."
        yield Finding(what=what, works=False, why=why, code=Exit.REFUSED)
    else:
        yield Finding(what=what, works=True)


# Clock and network


async def _network(records: Sequence[AccountRecord]) -> list[Finding]:
    """Look for every host of the accounts, once for each server that stands in."""
    findings = []
    probes: list[Probe] = []
    async with http_session() as http:
        for server in sorted({one.server or "" for one in records}):
            hosts = HostMap()
            if server:
                try:
                    hosts = (await fetch_index(http, server)).hosts
                except CloudError as error:
                    findings.append(_failed(f"Server {server}", error))
                    continue
                findings.append(Finding(what=f"Server {server}", works=True))
            names = {
                host
                for one in records
                if (one.server or "") == server
                for host in one.info.hosts.get(one.region, ())
            }
            probes += await probe(http, hosts, sorted(names))
    findings += [
        Finding(
            what=f"Host {one.host}", works=one.reached, why=one.why, code=_code(one)
        )
        for one in probes
    ]
    problem = clock_problem(probes)
    clock = Finding(
        what="Clock of this machine",
        works=problem is None,
        why=problem or "",
        code=Exit.DONE if problem is None else Exit.REFUSED,
    )
    told = any(one.ahead is not None for one in probes)
    return [clock, *findings] if told else findings


def _code(one: Probe) -> Exit:
    return Exit.DONE if one.reached else Exit.REFUSED


# Accounts


async def _account(home: Home, record: AccountRecord, found: Examination) -> None:
    """Open an account, and read each of its cars."""
    what = f"Account {record.name}"
    secrets = (
        *private_values(record.info, record.identity),
        record.pin,
        record.server,
        # Where the maker has none, it is the service's own word.
        record.account_id if record.account_id != record.service else None,
    )
    found.redactors.append(Redactor(home.vehicles(record.name).cars, secrets))
    try:
        async with open_accounts(home, [record]) as session:
            account = session.account(record.name)
            found.findings.append(Finding(what=what, works=True, why=_notes(account)))
            for vin in sorted(account.shown_cars):
                car = f"{what}, car …{vin[-4:]}"
                try:
                    await account.read(vin)
                except CloudError as error:
                    found.findings.append(_failed(car, error))
                    continue
                known = session.engine.cars[vin]
                found.findings.append(
                    Finding(what=car, works=True, why=_door(known, record.name))
                )
            face = {"has_server": bool(record.server), "has_pin": bool(record.pin)}
            found.redactors.append(account_redactor(account, secrets))
            found.reports.append(report(account, secrets, face))
    except CloudError as error:
        found.findings.append(_failed(what, error))
    except Failure as failure:
        found.findings.append(
            Finding(what=what, works=False, why=failure.message, code=failure.code)
        )


def _failed(what: str, error: CloudError) -> Finding:
    return Finding(
        what=what, works=False, why=say_error(error), code=exit_of_error(error)
    )


def _notes(account: Account) -> str:
    """Say what of an account that opens does not work all the same."""
    notes = []
    if account.service.pin_refused:
        notes.append(say("exceptions", "command_pin_blocked"))
    if (until := account.ledger.throttled_until) is not None:
        notes.append(f"The maker wants no readings until {say_time(until)}.")
    if (until := account.ledger.commands_paused_until) is not None:
        notes.append(f"The maker wants no commands until {say_time(until)}.")
    if account.ledger.left() == 0:
        notes.append("No calls are left for readings.")
    return " ".join(notes)


def _door(car: GarageCar, account: str) -> str:
    """Say how a car is reached through an account, and what it did not bring."""
    channel = car.channels.get(account)
    if channel is None:
        return ""
    notes = []
    if channel.last_result is not None and channel.last_result.gaps:
        gaps = ", ".join(sorted(channel.last_result.gaps))
        notes.append(f"Not read this time: {gaps}")
    if channel.switched_off:
        off = ", ".join(sorted(channel.switched_off))
        notes.append(f"Switched off at the maker: {off}")
    if not channel.offered(car.snapshot.readings.keys()):
        notes.append("Takes no commands")
    if car.stale:
        notes.append("Its data is old for this car")
    return "; ".join(notes)
