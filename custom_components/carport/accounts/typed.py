"""What the owner typed into the forms of set-up, as the account and its sign-in take it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..cloud.credentials import CredentialField, FieldKind
from ..cloud.service_info import ServiceInfo
from ..const import CONF_PIN, CONF_REGION, CONF_SERVER
from .identity import Account, identity_of

SECTION_SERVER: Final = "own_server"
CONF_AGREED: Final = "agreed"


def typed_account(info: ServiceInfo, typed: Mapping[str, Any]) -> Account:
    """Return which account the owner typed."""
    flat = flattened(typed)
    identity = identity_of(info, typed_fields(info.identifying, flat))
    return Account(
        service=info.key,
        region=flat.get(CONF_REGION) or next(iter(info.hosts)),
        identity=identity,
        settings=typed_fields(info.settings, flat),
        server=typed_server(typed),
    )


def typed_credentials(
    info: ServiceInfo, typed: Mapping[str, Any], account: Account
) -> dict[str, str]:
    """Return what a sign-in needs, without the PIN; missing secrets are left out."""
    known = {**account.settings, **account.identity}
    return typed_fields(info.sign_in_fields, {**known, **flattened(typed)})


def typed_fields(
    fields: Iterable[CredentialField], typed: Mapping[str, Any]
) -> dict[str, str]:
    """Return what was typed into these fields; what was left empty is left out."""
    texts: dict[str, str] = {}
    for field in fields:
        value = typed.get(field.key)
        if field.kind is FieldKind.FLAG:
            if value is not None:
                texts[field.key] = "true" if value in {True, "true"} else "false"
        elif value and (text := value if field.secret else value.strip()):
            texts[field.key] = text
    return texts


def signs_in(
    info: ServiceInfo, typed: Mapping[str, Any], settings: Mapping[str, str]
) -> bool:
    """Return whether a form of changes has something that only a sign-in can change."""
    changes = typed_fields(info.sign_in_fields, flattened(typed))
    unticked = {
        field.key: "false" for field in info.settings if field.kind is FieldKind.FLAG
    }
    return not changes.items() <= {**unticked, **settings}.items()


def lacks_secret(info: ServiceInfo, credentials: Mapping[str, str]) -> bool:
    """Return whether a sign-in is not possible, for want of the password.

    Keys are kept, since every call needs them.
    """
    first = first_secret(info)
    return (
        first is not None
        and first.required
        and first.kind is FieldKind.PASSWORD
        and first.key not in credentials
    )


def typed_server(typed: Mapping[str, Any]) -> str | None:
    """Return the address in the server section; None for the maker itself."""
    return typed.get(SECTION_SERVER, {}).get(CONF_SERVER, "").strip() or None


def typed_agreement(typed: Mapping[str, Any]) -> bool:
    """Return whether the owner agreed to the addresses that the form showed."""
    return bool(typed.get(SECTION_SERVER, {}).get(CONF_AGREED))


def is_whole_sign_in(info: ServiceInfo, credentials: Mapping[str, str]) -> bool:
    """Return whether these are all credentials, so that none kept is needed."""
    return all(
        credentials.get(field.key) for field in info.sign_in_fields if field.required
    )


def typed_pin(typed: Mapping[str, Any]) -> str | None:
    """Return the PIN; None where none was typed."""
    return typed.get(CONF_PIN, "").strip() or None


def first_secret(info: ServiceInfo) -> CredentialField | None:
    """Return the first field of a sign-in that is nobody else's business."""
    return next((field for field in info.sign_in_fields if field.secret), None)


def flattened(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed, whichever part of the form it stood in."""
    return {
        **{key: value for key, value in typed.items() if key != SECTION_SERVER},
        **typed.get(SECTION_SERVER, {}),
    }
