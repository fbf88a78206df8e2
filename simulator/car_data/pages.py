"""The pages on which an owner approves a device: log in, then approve or decline."""

import hmac
from html import escape
from string import Template
from typing import Final

from aiohttp import web

from ..cloud import Route, routes_of
from ..signing import Signer
from .account import CarDataRegister
from .device import LINK_PATH, DeviceCode, DeviceSignIn

_PAGE: Final = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:26rem;padding:0 1rem;
color:#1d2733}
label,input,button{display:block;width:100%;box-sizing:border-box;margin:.3rem 0}
input,button{padding:.6rem;font:inherit}
button{margin-top:1rem;border:0;background:#1c69d4;color:#fff}
button.plain{background:#e3e7ea;color:inherit}
.error{color:#b3121f}
</style>
</head>
<body><main><h1>$title</h1>
$body
</main></body></html>
""")
_LOGIN: Final = Template("""$error
<form method="post" action="$path">
<label for="user_code">Code shown on your device</label>
<input id="user_code" name="user_code" value="$user_code" autocomplete="off" required>
<label for="email">E-mail</label>
<input id="email" name="email" type="email" autocomplete="username" required>
<label for="password">Password</label>
<input id="password" name="password" type="password"
       autocomplete="current-password" required>
<button type="submit">Log in</button>
</form>""")
_DECIDE: Final = Template("""<p>A program wants to read the data of your cars.
Its code is <strong>$user_code</strong>. Approve only what you have begun yourself.</p>
<form method="post" action="$path/decide">
<input type="hidden" name="ticket" value="$ticket">
<button name="decision" value="approve">Approve</button>
<button class="plain" name="decision" value="decline">Decline</button>
</form>""")
_ERROR: Final = Template('<p class="error" role="alert">$text</p>')

_TICKETS: Final = Signer(b"carport simulator, car data pages", {"alg": "HS256"})


class Pages:
    """What a browser sees of the sign-in."""

    def __init__(self, register: CarDataRegister, sign_in: DeviceSignIn) -> None:
        """Approve the codes of a sign-in."""
        self._register = register
        self._sign_in = sign_in

    def routes(self) -> tuple[Route, ...]:
        """Return what a browser calls."""
        return routes_of(
            (
                ("GET", LINK_PATH, self._enter),
                ("POST", LINK_PATH, self._log_in),
                ("POST", f"{LINK_PATH}/decide", self._decide),
            ),
            lambda handler: handler,
        )

    async def _enter(self, request: web.Request) -> web.Response:
        return _login(request.query.get("user_code", ""))

    async def _log_in(self, request: web.Request) -> web.Response:
        form = await request.post()
        user_code = str(form.get("user_code", "")).strip()
        account = self._register.by_name(form.get("email"))
        password = str(form.get("password", "")).encode()
        if account is None or not hmac.compare_digest(
            password, account.password.encode()
        ):
            return _login(user_code, "E-mail or password is wrong.", status=401)
        if self._sign_in.waiting(user_code) is None:
            words = "This code is unknown or has expired. Capitals matter."
            return _login(user_code, words, status=400)
        request["account"] = account.username
        ticket = _TICKETS.sign({"user_code": user_code, "gcid": account.gcid})
        return _page(
            "Connect a device",
            _DECIDE.substitute(
                user_code=escape(user_code), path=LINK_PATH, ticket=ticket
            ),
        )

    async def _decide(self, request: web.Request) -> web.Response:
        form = await request.post()
        ticket = str(form.get("ticket", ""))
        said = _TICKETS.open(ticket) if ticket.count(".") == 2 else None
        code: DeviceCode | None = None
        account = None
        if said is not None:
            code = self._sign_in.waiting(said["user_code"])
            account = self._register.by_gcid(said["gcid"])
        if code is None or account is None:
            return _login("", "This page has expired. Begin again.", status=400)
        request["account"] = account.username
        if form.get("decision") == "approve":
            code.approved_by = account
            return _page("Done", "<p>The device is connected. Close this page.</p>")
        code.declined = True
        return _page("Declined", "<p>The device was not connected.</p>")


def _login(user_code: str, error: str = "", status: int = 200) -> web.Response:
    shown = _ERROR.substitute(text=escape(error)) if error else ""
    body = _LOGIN.substitute(error=shown, user_code=escape(user_code), path=LINK_PATH)
    return _page("Connect a device", body, status=status)


def _page(title: str, body: str, status: int = 200) -> web.Response:
    text = _PAGE.substitute(title=title, body=body)
    return web.Response(text=text, content_type="text/html", status=status)
