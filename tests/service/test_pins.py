"""Refused PINs are remembered by digests, in what an account keeps."""

import json
from typing import cast

import pytest

from custom_components.carport.service.contract import Context, Tokens
from custom_components.carport.service.pins import RefusedPins
from custom_components.carport.service.vault import Vault


class Memory:
    """As much of a context as a vault needs."""

    def __init__(self, tokens: Tokens | None = None) -> None:
        """Start with what was kept."""
        self.tokens = tokens

    async def save_tokens(self, tokens: Tokens | None) -> None:
        """Keep tokens as JSON, as on a disk."""
        self.tokens = json.loads(json.dumps(tokens))

    def vault(self) -> Vault:
        """Open it, as after a restart."""
        return Vault(cast(Context, self))


async def test_a_refused_pin_outlasts_a_restart() -> None:
    """No PIN can be read from the memory; another one ends the trouble."""
    memory = Memory()
    pins = RefusedPins(memory.vault())
    assert not pins.any
    assert not pins.holds("9999")
    await pins.note("9999")
    again = RefusedPins(memory.vault())
    assert again.any
    assert again.holds("9999")
    assert not again.holds("1234")
    assert "9999" not in json.dumps(memory.tokens)
    await again.accept()
    after = RefusedPins(memory.vault())
    assert not after.any
    assert after.holds("9999")


async def test_the_oldest_is_forgotten() -> None:
    """A list that only grows would never end."""
    pins = RefusedPins(Memory().vault())
    for number in range(21):
        await pins.note(f"{number:04}")
    assert not pins.holds("0000")
    assert pins.holds("0020")


@pytest.mark.parametrize("kept", [{"a": 5}, {"a": ""}, {"a": None}, None])
def test_a_vault_without_a_text(kept: Tokens | None) -> None:
    """A number is no text, and nothing is neither."""
    assert Memory(kept).vault().text("a") is None
    assert Memory({"a": "x"}).vault().number("a") is None
