"""A certificate for the broker, made when it starts and trusted by whoever wants to."""

import asyncio
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
import ssl
from tempfile import TemporaryDirectory
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_VALID: Final = timedelta(days=3650)
_MADE: Final[dict[str, tuple[ssl.SSLContext, str]]] = {}


async def certificate_for(host: str) -> tuple[ssl.SSLContext, str]:
    """Return a server's TLS context, and its certificate as PEM; one a process."""
    if host not in _MADE:
        born = datetime.now(UTC) - timedelta(days=1)
        _MADE[host] = await asyncio.to_thread(make_certificate, host, born)
    return _MADE[host]


def make_certificate(host: str, born: datetime) -> tuple[ssl.SSLContext, str]:
    """Return a server's TLS context, and its certificate as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Carport simulator")])
    loopback = x509.IPAddress(ip_address("127.0.0.1"))
    names = [x509.DNSName(host), x509.DNSName("localhost"), loopback]
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    public = key.public_key()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(born)
        .not_valid_after(born + _VALID)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(public), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "broker.pem"
        file.write_bytes(secret + pem)
        context.load_cert_chain(file)
    return context, pem.decode()
