"""English words: those of the integration's translations, as a terminal says them.

There is one source of words. Where a text sends the owner to a page of Home Assistant,
the terminal names its own way instead.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
import json
import re
from typing import Any, Final, cast

from carport.car.commands import HonkAndFlash
from carport.car.receipts import Outcome, Receipt
from carport.car.refusals import Reason, Refusal
from carport.cloud.credentials import CredentialField
from carport.cloud.errors import CloudError, HostNotMapped, SignInFailed
from carport.cloud.guard import Refusals
from carport.cloud.login import Question
from carport.cloud.service_info import ServiceInfo
from carport.engine.login import LoginFailed, message_key
from carport.engine.storage import LeaseLost, StorageUnreachable

_PHRASES: Final[Mapping[str, str]] = {
    "under Reconfigure and sign in there": "and sign in again with carport login",
    "under Reconfigure": "with carport login",
    "submit this form again": "run the command again",
    "then submit this form": "then run the command again",
    "Submit the form again": "Run the command again",
    "every other credential that this form asks for": "every other credential",
    "or the form is not complete": "or something is not filled in",
    "perhaps because Home Assistant was restored": "perhaps because it was restored",
    "at the address in the Server section": "at the server's address",
    "The server in the Server section": "The server",
    "whose address goes into the Server section": "whose address --server names",
    "tick the box in the Server section if you want that all the same": (
        "agree if you want that all the same"
    ),
    "tick the box in the Server section": "agree",
    "you enter it in the Server section": "you give it by --set",
    "in Home Assistant's private storage": "in a private file",
    "one that Home Assistant trusts": "one that this machine trusts",
    ", or choose a thriftier poll profile": "",
    "and see Repairs for what can be done": "and see carport doctor",
    "or clear the field to talk": "or leave --server out to talk",
    "less often later, in the account's options": "less often: carport profile",
    (
        "in the car, in the maker's app or, where places are concerned, in the options "
        "of the account here"
    ): "in the car or in the maker's app",
}

_HERE: Final[Mapping[str, str]] = {
    "command_needs_owner": (
        "The account has to be signed in again before it can send commands: "
        "carport login."
    ),
    "read_needs_owner": (
        "The account has to be signed in again: carport login. The last values stay "
        "until then."
    ),
    "command_fuel_heater": (
        "This may run a heater that burns fuel, whose exhaust can kill in a closed "
        "garage. Permit it for this car first: carport permit CAR fuel-heater."
    ),
    "fuel_heaters": (
        "The exhaust of such a heater can kill in a closed garage. Permit it only if "
        "the car never stands where the exhaust could collect: from then on every "
        "command and every program that may use this carport can start it."
    ),
    "command_pin_missing": (
        "This command needs the PIN. Store it with carport login, or name a file with "
        "it by --pin-file."
    ),
    "command_pin_blocked": (
        "The maker refused the PIN, so it is not sent again. Change it with carport "
        "login, or name a file with the right one by --pin-file."
    ),
    "command_account_closed": (
        "You stopped waiting while the command was on its way. The car may have done "
        "it: look at it. It is not sent again."
    ),
}

_LINK: Final = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_UNCOUNTED: Final = re.compile(r" [^.]*: …; [^.]*\.")
"""The sentence that counts refusals, without the counts."""
_ENTITIES: Final = (
    "sensor",
    "binary_sensor",
    "switch",
    "number",
    "select",
    "device_tracker",
)


@cache
def _all() -> Mapping[str, Any]:
    text = files("carport.translations").joinpath("en.json").read_text(encoding="utf-8")
    return cast(Mapping[str, Any], json.loads(text))


def _find(*path: str) -> Any:
    found: Any = _all()
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def say(*path: str, **placeholders: str) -> str:
    """Return a text by its place, plain, with what stands in it; its last key if none."""
    found = _HERE.get(path[-1]) or _find(*path)
    if isinstance(found, Mapping):
        found = found.get("message")
    text = found if isinstance(found, str) else path[-1].replace("_", " ")
    for phrase, instead in _PHRASES.items():
        text = text.replace(phrase, instead)
    text = _LINK.sub(r"\1 (\2)", text).replace("**", "")
    return _PLACEHOLDER.sub(lambda hit: placeholders.get(hit[1], "…"), text)


def say_time(moment: datetime) -> str:
    """Return a moment by the clock on the wall here."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


# What went wrong


def say_receipt(receipt: Receipt) -> str:
    """Say why a command was not done, and what to do about it."""
    if receipt.outcome is Outcome.TIMED_OUT:
        # The command may have reached the car: nobody may think it did not.
        return say("exceptions", "command_timed_out")
    reason, refusal = receipt.reason or Reason.CLOUD_REFUSED, receipt.refusal
    if refusal is not None and refusal.problems:
        return say("exceptions", "schedule_wrong", problems=refusal.allowed)
    elsewhere = reason is Reason.BUSY and not (refusal and refusal.running)
    key = "command_busy_elsewhere" if elsewhere else f"command_{reason}"
    return say("exceptions", key, **_placeholders(refusal))


def _placeholders(refusal: Refusal | None) -> dict[str, str]:
    if refusal is None:
        return {}
    said = {"allowed": refusal.allowed}
    if refusal.until is not None:
        said["until"] = say_time(refusal.until)
    if refusal.field:
        said["field"] = say_option("command_field", refusal.field)
    if refusal.running:
        said["running"] = say_command(refusal.running)
    return said


def say_error(error: CloudError) -> str:
    """Say why something was not read, or an account does not open."""
    if isinstance(error, SignInFailed):
        return say_outcome(
            message_key(error.outcome, error.address), page=error.address
        )
    if isinstance(error, StorageUnreachable):
        return "The database does not answer, so nothing is called. CARPORT_DATABASE names it."
    if isinstance(error, LeaseLost):
        return "Another machine serves this account by now. Nothing was sent."
    placeholders = {}
    if isinstance(error, HostNotMapped):
        placeholders["host"] = error.host
    if isinstance(until := getattr(error, "until", None), datetime):
        placeholders["until"] = say_time(until)
    return say("exceptions", f"read_{error.reason}", **placeholders)


def say_login(failed: LoginFailed) -> str:
    """Say why a sign-in did not work."""
    return say_outcome(
        failed.key,
        page=failed.page,
        hosts=", ".join(failed.hosts),
        refusals=failed.refusals,
    )


def say_outcome(
    key: str,
    *,
    page: str | None = None,
    hosts: str = "",
    refusals: Refusals | None = None,
) -> str:
    """Say how a sign-in ended; what nobody counted here is left out."""
    counted = {} if refusals is None else refusals.told
    text = say("config", "error", key, page=page or "", hosts=hosts, **counted)
    return text if counted else _UNCOUNTED.sub("", text)


# What is asked


def say_field(field: CredentialField) -> str:
    """Return the label of something that the owner types."""
    for place in (("data",), ("sections", "own_server", "data")):
        label = _find("config", "step", "account", *place, field.key)
        if isinstance(label, str):
            return label.removesuffix(" (optional)")
    return field.key.replace("_", " ")


def say_question(question: Question) -> str:
    """Return a decision's text."""
    told = {**question.placeholders, "link": ""}
    return say("config", "step", f"confirm_{question.key}", "description", **told)


def say_guide(info: ServiceInfo) -> str:
    """Return the steps that come before a sign-in, without the signs of a page."""
    text = say("selector", "guide", "options", info.key, **dict(info.guide or {}))
    return _LINK.sub(r"\1 (\2)", text).replace("*", "")


def say_option(selector: str, value: str) -> str:
    """Return the text of a choice."""
    return say("selector", selector, "options", value)


def say_command(kind: str, parameters: Mapping[str, Any] | None = None) -> str:
    """Return the name of a command; of horn and lights only what was asked for."""
    if kind == HonkAndFlash.kind and parameters and "mode" in parameters:
        return say_option("horn_mode", parameters["mode"])
    return say_option("command", kind)


# What cars say


def say_signal(key: str) -> str:
    """Return the name of a signal; of one that no entity shows by itself, its key."""
    for platform in _ENTITIES:
        name = _find("entity", platform, key, "name")
        if isinstance(name, str):
            return name
    return key.replace("_", " ").capitalize()


def say_word(key: str, value: str) -> str:
    """Return a word of a signal as people read it."""
    for platform in _ENTITIES:
        word = _find("entity", platform, key, "state", value)
        if isinstance(word, str):
            return word
    return value.replace("_", " ")


def entity_names() -> dict[str, str]:
    """Return what Home Assistant calls the entities, by platform and key."""
    return {
        f"{platform}.{key}": row["name"]
        for platform, rows in _find("entity").items()
        for key, row in rows.items()
        if "name" in row
    }
