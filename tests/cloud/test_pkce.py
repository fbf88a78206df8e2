"""Proof keys."""

import pytest

from carport.cloud.pkce import Pkce, new_pkce


@pytest.mark.parametrize(
    ("verifier", "challenge"),
    [
        ("a1b2c3d4" * 8, "VgSyj68_J37_jj9hHk-FxZDpjPLT707MkBCttWmrKZM="),
        ("0F1E2D3C4B5A6978" * 8, "cgsP_mT7hcuPgpI2Wtpbc18nPmShKyQeyjYYYDyFlng="),
        # Of RFC 7636, appendix B.
        (
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=",
        ),
    ],
)
def test_known_vectors(verifier: str, challenge: str) -> None:
    """The challenge is the same everywhere."""
    pkce = Pkce(verifier=verifier)
    assert pkce.padded_challenge == challenge
    assert pkce.challenge == challenge.rstrip("=")


def test_verifiers_are_new_each_time() -> None:
    """64 hexadecimal characters, never the same."""
    first, second = new_pkce(), new_pkce()
    assert first != second
    assert len(bytes.fromhex(first.verifier)) == 32
