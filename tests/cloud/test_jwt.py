"""What tokens say of themselves."""

import base64

import pytest

from carport.cloud.jwt import claims, end_of


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("a.eyJzdWIiOiAieCJ9.c", {"sub": "x"}),
        ("a.WzFd.c", {}),
        ("a.e30.c", {}),
        ("a.!!.c", {}),
        ("a.b", {}),
        ("a.\u00e9.c", {}),
        ("opaque", {}),
        ("", {}),
    ],
)
def test_what_a_token_claims(token: str, expected: dict[str, str]) -> None:
    """Its claims are an object, or there are none."""
    assert claims(token) == expected


@pytest.mark.parametrize(
    ("exp", "end"),
    [
        ("1795000000", 1_795_000_000),
        ("1795000000.5", 1_795_000_000.5),
        ("true", None),
        ("null", None),
        ("[]", None),
        ("1" + 400 * "0", None),
        ("Infinity", None),
    ],
)
def test_when_a_token_ends(exp: str, end: float | None) -> None:
    """It ends by a number, if it says one that can be."""
    body = base64.urlsafe_b64encode(f'{{"exp": {exp}}}'.encode()).decode()
    assert end_of(f"a.{body}.c") == end
    assert end_of("opaque") is None
