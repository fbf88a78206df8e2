"""The index as a page for people."""

from collections.abc import Iterable, Mapping
from html import escape
import json
from typing import Any, Final

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:60rem;"
    "padding:0 1rem;color:#1d2733}table{border-collapse:collapse;width:100%}"
    "td,th{border-bottom:1px solid #d5dde5;padding:.4rem .8rem .4rem 0;"
    "text-align:left;vertical-align:top}code{background:#eef2f6;padding:.1rem .3rem}"
)
_HINT: Final = (
    "Replace the host names of a client by these and it talks to the simulator. A "
    "client whose cookie jar ignores addresses in digits needs this page's address "
    "with <code>localhost</code> in it: all others then follow. What is no HTTP is "
    "spoken in plain or in TLS; a client that wants TLS has to trust "
    '<a href="/certificate.pem">this certificate</a>.'
)


def index_page(index: Mapping[str, Any]) -> str:
    """Show the index as HTML."""
    hosts = [(host, _link(origin)) for host, origin in index["hosts"].items()]
    rows = [
        (
            escape(service),
            escape(account["region"]),
            _code(account["username"]),
            _code(account["password"]),
            _code(account["pin"] or "none"),
            "<br>".join(_code(vin) for vin in account["vins"]),
        )
        for service, accounts in index["accounts"].items()
        for account in accounts
    ]
    clock = index["clock"]
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>Carport simulator</title><style>{_STYLE}</style></head><body>"
        "<h1>Carport simulator</h1>"
        f"<p>The makers' clouds on this machine. It is {escape(clock['now'])} here, "
        f"and time runs {clock['speed']:g} times as fast as outside.</p>"
        f"<h2>Hosts</h2><p>{_HINT}</p>{_table(('Real host', 'Here'), hosts)}"
        "<h2>Accounts</h2>"
        + _table(("Service", "Region", "User", "Password", "PIN", "Cars"), rows)
        + f"<h2>Control</h2><p>Bad days on demand: {_link(index['control'])}</p>"
        "<h2>For programs</h2><p>The same as JSON, for whoever does not ask for HTML:"
        f"</p><pre>{escape(json.dumps(index, indent=2))}</pre></body></html>"
    )


def _link(address: str) -> str:
    return f'<a href="{escape(address)}">{escape(address)}</a>'


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    def row(cells: Iterable[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"

    return (
        "<table>"
        + row(head, "th")
        + "".join(row(cells, "td") for cells in rows)
        + "</table>"
    )
