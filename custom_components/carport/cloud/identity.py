"""What names an account among others of its service: compared, and shown."""

from collections.abc import Collection, Mapping
from typing import Final

from .credentials import CredentialField, FieldKind
from .service_info import ServiceInfo

FIRST_EDITION: Final = "username"
"""The key under which every entry of the first edition has the account's name."""


def account_name(info: ServiceInfo, identity: Mapping[str, str]) -> str:
    """Return the one word by which the account is known to its service."""
    return next(
        (
            identity[field.key]
            for field in sorted(
                info.identifying, key=lambda field: field.kind is not FieldKind.EMAIL
            )
            if field.key in identity
        ),
        identity.get(FIRST_EDITION, ""),
    )


def normalised(info: ServiceInfo, identity: Mapping[str, str]) -> tuple[str, ...]:
    """Return a form in which two spellings of one account are the same."""
    return tuple(
        field.normalised(identity.get(field.key, "")) for field in info.identifying
    )


def private_values(info: ServiceInfo, identity: Mapping[str, str]) -> tuple[str, ...]:
    """Return those values of an identity that say who the owner is."""
    chosen = {field.key for field in info.identifying if field.kind is FieldKind.CHOICE}
    return tuple(value for key, value in identity.items() if key not in chosen)


def account_title(
    info: ServiceInfo, identity: Mapping[str, str], others: Collection[str] = ()
) -> str:
    """Return a label that does not tell who the owner is, and that no other account has.

    An address shows its first letter, and more of them where others look the same.
    """
    longest = max(map(len, identity.values()), default=0)
    titles = (_title(info, identity, letters) for letters in range(1, longest + 1))
    first = _title(info, identity, 1)
    return next((title for title in titles if title not in others), first)


def _title(info: ServiceInfo, identity: Mapping[str, str], letters: int) -> str:
    shown = [
        label
        for field in info.identifying
        if (label := _label(field, identity.get(field.key, ""), letters))
    ]
    return f"{info.name} ({', '.join(shown)})" if shown else info.name


def _label(field: CredentialField, value: str, letters: int) -> str:
    """Return as much of a value as tells two accounts of one owner apart."""
    if not value:
        return ""
    match field.kind:
        case FieldKind.CHOICE:
            return (field.names or {}).get(value, value.replace("_", " ").title())
        case FieldKind.VINS:
            return ", ".join(f"…{vin[-4:]}" for vin in field.normalised(value).split())
        case FieldKind.EMAIL:
            name, at, domain = value.partition("@")
            return f"{name[:letters]}***{at}{domain}"
    return f"…{value[-4:]}"
