"""The key that signs the identity host's tokens, and the document that shows it."""

from typing import Any, Final, override

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPrivateNumbers,
    RSAPublicNumbers,
    rsa_crt_dmp1,
    rsa_crt_dmq1,
    rsa_crt_iqmp,
)
from cryptography.hazmat.primitives.hashes import SHA256

from ..signing import Signer, decoded, unpadded

KEY_ID: Final = "simulator-1"
# Tokens outlive the simulator, so the key is always the same. What it opens is invented.
_P: Final = int(
    "f02e4e1710dd3863995d299411b31baa3876d2d15e64dbe0a2c16ef65def7f38"
    "04cfe2c91d4023d241e14dfff56772676c6c87a14ffdd472b0353635a963137d"
    "d7f2ae4d4defe51e6e081be91e1d7a15a9c9a1cdc9467907f3f6fc060de878c4"
    "28a156922606dcb2599c3b622489245370768f821f06b8326ec8f50b6c450723",
    16,
)
_Q: Final = int(
    "e48c1bea839133b789153077a0fa3e530e0d2bfd8bd2c94f0675903b39e8efd6"
    "65d84e6e493fc9430ac5f94c288c7721d67c030eae29a0119b9889c3b031b20e"
    "ebc8f871ce6ca36004de8cfe453e259401b8472e1ede1bf9eb1d91beb150604c"
    "117bc3a7a427f4dfea67db9521afa6868477eb27e9d70d858e833e4b1ce85d4f",
    16,
)
_EXPONENT: Final = 65537


def _private_key() -> RSAPrivateKey:
    secret = pow(_EXPONENT, -1, (_P - 1) * (_Q - 1))
    return RSAPrivateNumbers(
        p=_P,
        q=_Q,
        d=secret,
        dmp1=rsa_crt_dmp1(secret, _P),
        dmq1=rsa_crt_dmq1(secret, _Q),
        iqmp=rsa_crt_iqmp(_P, _Q),
        public_numbers=RSAPublicNumbers(_EXPONENT, _P * _Q),
    ).private_key()


class PublicSigner(Signer):
    """Signs so that everybody who reads the document of keys can check it."""

    def __init__(self) -> None:
        """Take the one key."""
        super().__init__(b"", {"kid": KEY_ID, "typ": "JWT", "alg": "RS256"})
        self._private = _private_key()
        self._public = self._private.public_key()

    @override
    def seal(self, text: str) -> str:
        signed = text.encode("utf-8", "surrogateescape")
        return unpadded(self._private.sign(signed, PKCS1v15(), SHA256()))

    @override
    def fits(self, text: str, seal: str) -> bool:
        signed = text.encode("utf-8", "surrogateescape")
        try:
            self._public.verify(decoded(seal), signed, PKCS1v15(), SHA256())
        except InvalidSignature, ValueError:
            return False
        return True


def key_set() -> dict[str, Any]:
    """Return the document of keys."""
    return {
        "keys": [
            {
                "kty": "RSA",
                "use": "sig",
                "alg": "RS256",
                "kid": KEY_ID,
                "n": unpadded(_bytes(_P * _Q)),
                "e": unpadded(_bytes(_EXPONENT)),
            }
        ]
    }


def _bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8)
