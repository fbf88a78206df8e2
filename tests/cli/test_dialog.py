"""Signing in at a terminal: codes, pages to open, decisions; over real HTTP."""

import asyncio
from collections.abc import Callable
from typing import override

import pytest

from carport.cloud.credentials import FieldKind
from carport.cloud.login import LoginAborted
from carport.engine.login import LoginFailed
from carport.makers.registry import SERVICES
from cli.home import Home
from cli.output import Output
from cli.sign_in import Given, add
from cli.terminal_dialog import qr_code
from scripts.demo_home.visit import approve
from simulator.account import Account
from simulator.accounts import ACCOUNTS

from .terminal import Terminal


class Typist:
    """Answers prompts by what they begin with; an unknown one fails the test."""

    there = True

    def __init__(self, **answers: str | Callable[[], str]) -> None:
        """Keep the answers; underscores stand for spaces."""
        self._answers = {key.replace("_", " "): value for key, value in answers.items()}
        self.asked: list[str] = []

    def line(self, prompt: str) -> str:
        """Type an answer."""
        self.asked.append(prompt)
        for key, answer in self._answers.items():
            if prompt.startswith(key):
                return answer if isinstance(answer, str) else answer()
        raise LoginAborted

    secret = line


def owner_of(service: str, name: str) -> Account:
    """Return an account of the simulator."""
    return next(
        one
        for one in ACCOUNTS
        if one.service == service and one.username.startswith(name)
    )


async def test_a_code_by_mail(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is sent on the owner's word alone, and typed in."""
    owner = owner_of("my_renault", "code.by.mail")
    control = terminal.simulator.control
    control.account(owner.username, code="always")
    typist = Typist(
        E=owner.username,
        Password=owner.password,
        Country="",
        Keep="n",
        Agree="y",
        Code=lambda: control.mail(owner.username)[0].code,
    )
    home = Home(terminal.home)
    record = await add(
        home,
        SERVICES["my_renault"].info,
        owner.region,
        terminal.simulator.address,
        Given(values={"country": "FR"}),
        Output(),
        typist,
    )
    assert len(control.mail(owner.username)) == 1
    assert home.vehicles(record.name).cars
    said = capsys.readouterr()
    assert "wants to send a code" in said.err
    assert owner.password not in said.err + said.out


async def test_a_page_to_open(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    """The link and its code are shown, and the sign-in goes on by itself."""
    owner = owner_of("we_connect", "prueferin")
    control = terminal.simulator.control

    class Visitor(Output):
        """A terminal beside which somebody opens the page that is shown."""

        @override
        def note(self, text: str, style: str | None = None) -> None:
            """Approve the code once it is shown."""
            super().note(text, style)
            if text.startswith("Code: "):
                control.account(owner.username, approved=text.removeprefix("Code: "))

    typist = Typist(How="1", E=owner.username, Password="", PIN="", Agree="y")
    home = Home(terminal.home)
    record = await add(
        home,
        SERVICES["we_connect"].info,
        owner.region,
        terminal.simulator.address,
        Given(),
        Visitor(),
        typist,
    )
    assert home.vehicles(record.name).cars
    assert "not an official interface" in capsys.readouterr().err


async def test_a_page_to_open_on_the_phone(
    terminal: Terminal,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """BMW's link, its code, and beside them a QR code of the link at a terminal."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    owner = owner_of("car_data", "i4.tester")
    seen: list[str] = []
    browsing: list[asyncio.Task[None]] = []

    class Visitor(Output):
        """A terminal whose owner approves what is shown."""

        @override
        def note(self, text: str, style: str | None = None) -> None:
            """Open the link once it is shown."""
            super().note(text, style)
            seen.append(text)
            if text.startswith("Open this page"):
                account = {"username": owner.username, "password": owner.password}
                link = text.splitlines()[-1]
                browsing.append(asyncio.ensure_future(approve(link, account)))

    home = Home(terminal.home)
    record = await add(
        home,
        SERVICES["car_data"].info,
        owner.region,
        terminal.simulator.address,
        Given(values={"client_id": owner.more["client_id"]}),
        Visitor(),
        Typist(Agree="y"),
    )
    await asyncio.gather(*browsing)
    assert len(home.vehicles(record.name).cars) == 3
    link = next(text for text in seen if text.startswith("Open")).splitlines()[-1]
    assert qr_code(link) in seen
    steps = next(text for text in seen if "Create a CarData client" in text)
    assert "BMW (https://www.bmw.co.uk/" in steps
    assert "*" not in steps
    assert "█" in capsys.readouterr().err


async def test_declining_sends_nothing(terminal: Terminal) -> None:
    """A no to a decision ends the sign-in before anything is asked of the maker."""
    owner = owner_of("my_renault", "code.by.mail")
    terminal.simulator.control.account(owner.username, code="always")
    typist = Typist(E=owner.username, Password=owner.password, Keep="n", Agree="")
    with pytest.raises((LoginFailed, LoginAborted)):
        await add(
            Home(terminal.home),
            SERVICES["my_renault"].info,
            owner.region,
            terminal.simulator.address,
            Given(values={"country": "FR"}),
            Output(),
            typist,
        )
    assert not terminal.simulator.control.mail(owner.username)


def test_a_qr_code_is_drawn_in_blocks() -> None:
    """It fits a terminal of 80 columns."""
    lines = qr_code("https://id.example.com/device?code=ABCD-EFGH").splitlines()
    assert len(lines) > 10
    assert max(map(len, lines)) < 80


def test_every_service_can_be_asked_for_at_a_terminal() -> None:
    """No credential is of a kind that a terminal does not know."""
    kinds = {one.kind for kind in SERVICES.values() for one in kind.info.credentials}
    assert kinds <= set(FieldKind)
