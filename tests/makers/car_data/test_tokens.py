"""CarData keeps the contract of tokens."""

from typing import ClassVar

from tests.token_contract import TokenContract, TokenLife


class TestCarDataTokens(TokenContract):
    """An hour of access; the refresh token is good once."""

    saved: ClassVar[TokenLife] = TokenLife(
        first="/gcdm/oauth/device/code",
        renewal="/gcdm/oauth/token",
        lifetime=3599,
        ahead=900,
    )
