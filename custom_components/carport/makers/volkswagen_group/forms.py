"""What sign-in pages say: their forms, and the scripts that stand in for forms.

Everything here is pure. A page that holds something else than expected raises
`SignInFailed` with PAGE_NOT_UNDERSTOOD, and nothing ever raises anything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
import json
import re
from typing import Any, Final

from bs4 import BeautifulSoup, Tag
from bs4.exceptions import ParserRejectedMarkup

from ...car.bounds import clean_json
from ...cloud.errors import SignInFailed
from ...cloud.sign_in import SignInOutcome
from .markup import parsed

_MODEL: Final = re.compile(r"templateModel\s*:\s*(?=\{)")
_CSRF_TOKEN: Final = re.compile(r"csrf_token\s*:\s*(['\"])(?P<value>[^'\"]*)\1")
_CSRF_NAME: Final = re.compile(r"csrf_parameterName\s*:\s*(['\"])(?P<value>[^'\"]*)\1")
_SCRIPT_MARK: Final = "window._IDK"
_REMEMBER: Final = "remember"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of a page: where it goes, and its named inputs."""

    action: str
    fields: Mapping[str, str] = field(repr=False)

    def value(self, name: str) -> str:
        """Return an input that has to be there and filled."""
        return _needed(self.fields.get(name))

    def filled(self, **values: str) -> dict[str, str]:
        """Return all inputs with these filled in."""
        return {**self.fields, **values}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptPage:
    """A page drawn by a script: its model, and the token its form has to carry."""

    model: Mapping[str, Any] = field(repr=False)
    csrf_name: str
    csrf_token: str | None = field(repr=False)

    @property
    def template(self) -> str | None:
        """The name of the page."""
        return self.text("template")

    @property
    def error(self) -> str | None:
        """What the page says went wrong."""
        return self.text("error")

    def text(self, *path: str) -> str | None:
        """Return a text of the model, None where there is none."""
        found: Any = self.model
        for key in path:
            found = found.get(key) if isinstance(found, Mapping) else None
        return found if isinstance(found, str) and found else None

    def value(self, *path: str) -> str:
        """Return a text of the model that has to be there."""
        return _needed(self.text(*path))

    def tokens(self) -> dict[str, str]:
        """Return the hidden values that an answer to this page carries."""
        return {
            self.csrf_name: _needed(self.csrf_token),
            "relayState": self.value("relayState"),
            "hmac": self.value("hmac"),
        }


def not_understood() -> SignInFailed:
    """Say that a page is not what it should be."""
    return SignInFailed(SignInOutcome.PAGE_NOT_UNDERSTOOD)


def read_form(html: str, ident: str) -> Form | None:
    """Return the form with this id, None if the page has none."""
    form = _soup(html).find("form", id=ident)
    return _form_of(form) if isinstance(form, Tag) else None


def read_login_form(html: str) -> Form | None:
    """Return the form that asks for name and password at once; None if there is none.

    It is known by the state it carries, and goes to the page's own address.
    """
    for form in _soup(html).find_all("form"):
        found = _form_of(form, action="")
        if {"state", "username", "password"} <= found.fields.keys():
            return found
    return None


def read_code_form(html: str) -> Form:
    """Return the one form of a page that asks for a code; it has no id.

    Only the box for remembering this browser is ticked: without it every renewal
    would send another code.
    """
    form = _soup(html).find("form")
    if not isinstance(form, Tag):
        raise not_understood()
    for box in form.find_all("input", type="checkbox"):
        if not (_attribute(box, "name") or "").startswith(_REMEMBER):
            box.decompose()
    return _form_of(form)


def _form_of(form: Tag, action: str | None = None) -> Form:
    """Read a form; `action` stands in where it says none."""
    action = _attribute(form, "action") or action
    if action is None:
        raise not_understood()
    fields = {
        name: _attribute(tag, "value") or ""
        for tag in form.find_all("input")
        if isinstance(tag, Tag) and (name := _attribute(tag, "name"))
    }
    return Form(action=action, fields=fields)


def read_script(html: str) -> ScriptPage | None:
    """Return what a page's script defines, None if it defines nothing."""
    if _SCRIPT_MARK not in html:
        return None
    script = html[html.index(_SCRIPT_MARK) :]
    if (start := _MODEL.search(script)) is None:
        raise not_understood()
    try:
        model, _ = json.JSONDecoder().raw_decode(script, start.end())
        model = clean_json(model)
    except ValueError, RecursionError:
        raise not_understood() from None
    if not isinstance(model, dict):
        raise not_understood()
    token, name = _CSRF_TOKEN.search(script), _CSRF_NAME.search(script)
    return ScriptPage(
        model=model,
        csrf_name=name["value"] if name and name["value"] else "_csrf",
        csrf_token=token["value"] if token else None,
    )


def read_error_code(html: str, ident: str) -> str | None:
    """Return the error code of the element with this id, None if it is not there."""
    element = _soup(html).find(id=ident)
    return _attribute(element, "data-error-code") if isinstance(element, Tag) else None


def _soup(html: str) -> BeautifulSoup:
    try:
        return parsed(html)
    except ParserRejectedMarkup:
        raise not_understood() from None


def _attribute(tag: Tag, name: str) -> str | None:
    value = tag.get(name)
    return value if isinstance(value, str) else None


def _needed(value: str | None) -> str:
    if not value:
        raise not_understood()
    return value
