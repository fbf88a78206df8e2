"""A broker that wants to know who comes, and is known itself."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
import hashlib
from pathlib import Path
import ssl

import pytest

from tests.cli.terminal import Terminal
from tests.patience import PATIENCE
from tests.programs import program

from .broker import LOOPBACK, Mosquitto, listening
from .certificates import Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """A broker with TLS, a user, and certificates of its clients."""

    mosquitto: Mosquitto
    authority: Authority
    password: Path


@pytest.fixture
async def guarded(tmp_path: Path, socket_enabled: None) -> AsyncIterator[Guarded]:
    """Start it."""
    authority = Authority(tmp_path)
    certificate, key = authority.sign("broker")
    password = tmp_path / "mqtt-password"
    password.write_text(f"{hashlib.sha256(tmp_path.name.encode()).hexdigest()}\n")
    users = tmp_path / "users"
    made = await asyncio.create_subprocess_exec(
        program("mosquitto_passwd"),
        "-b",
        "-c",
        str(users),
        "me",
        password.read_text().strip(),
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await made.wait() == 0
    mosquitto = Mosquitto(
        tmp_path,
        f"cafile {authority.certificate}",
        f"certfile {certificate}",
        f"keyfile {key}",
        "require_certificate true",
        "allow_anonymous false",
        f"password_file {users}",
    )
    await mosquitto.start()
    yield Guarded(mosquitto=mosquitto, authority=authority, password=password)
    await mosquitto.stop()


async def test_a_guarded_broker(
    terminal: Terminal, guarded: Guarded, tmp_path: Path
) -> None:
    """With all that is asked for the bridge is let in; without one of them it is not."""
    certificate, key = guarded.authority.sign("client")
    config = tmp_path / "b.toml"
    lines = [
        "[broker]",
        f'host = "{LOOPBACK}"',
        f"port = {guarded.mosquitto.port}",
        'username = "me"',
        f'password_file = "{guarded.password}"',
        f'ca_file = "{guarded.authority.certificate}"',
        f'cert_file = "{certificate}"',
        f'key_file = "{key}"',
    ]
    config.write_text("\n".join(lines), encoding="utf-8")
    context = ssl.create_default_context(cafile=guarded.authority.certificate)
    context.load_cert_chain(certificate, key)
    who = {"username": "me", "password": guarded.password.read_text().strip()}
    process = await terminal.start("bridge", "--config", str(config))
    async with listening(
        guarded.mosquitto.port, ["carport/#"], tls_context=context, **who
    ) as listener:
        assert await listener.text("carport/bridge/state") == "online"
        process.terminate()
        await listener.until(
            lambda: listener.texts("carport/bridge/state")[-1] == "offline"
        )
    await process.wait()
    # One who does not know the broker sends it nothing: no password, no certificate.
    config.write_text(
        "\n".join(line for line in lines if "ca_file" not in line), encoding="utf-8"
    )
    process = await terminal.start("bridge", "--config", str(config))
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE):
        async for line in process.stderr:
            if b"The broker is not there" in line:
                break
    assert guarded.password.read_text().strip().encode() not in line
    process.terminate()
    assert await process.wait() == 0
