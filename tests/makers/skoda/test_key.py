"""Škoda's key keeps the half of the contract of tokens that holds for keys."""

from typing import ClassVar

from carport.cloud.sign_in import SignInOutcome
from tests.token_contract import KeyContract, KeyLife

from .account import READS


class TestSkodaKey(KeyContract):
    """Nobody renews it: the owner makes another one, or gives it more time."""

    saved: ClassVar[KeyLife] = KeyLife(
        first=READS,
        dead={"key_expires_in": -1},
        mended={"key_expires_in": 86_400},
        named={404: SignInOutcome.NOT_THIS_CAR, 429: SignInOutcome.QUOTA},
        tries=3,
    )
