"""The markup of the sign-in pages, with the same hooks as the real ones."""

from collections.abc import Mapping
from html import escape
import json
from string import Template
from typing import Any, Final

from aiohttp import web

from .region import Region

# Some clients read the older pages with an XML parser, once they have cut out `onclick`:
# apart from that one attribute, which is as wild as in the real page, these are well-formed.
_HEAD: Final = Template("""<!DOCTYPE html>
<html lang="$language">
<head>
  <meta charset="utf-8"/>
  <meta name="viewport" content="width=device-width, initial-scale=1"/>
  <meta name="identitykit" content="$kind"/>
  <title>$title</title>
  <link rel="stylesheet" href="/signin-service/v1/static/main.css"/>
</head>
<body class="theme-volkswagen">
""")
_FOOT: Final = """<br/>
<footer>Volkswagen &#169; &#160;<a href="/signin-service/v1/imprint">Imprint</a>
</footer>
</body>
</html>
"""

_EMAIL_FORM: Final = Template("""<main><h1>Sign in or register</h1>
<form id="emailPasswordForm" name="emailPasswordForm" class="content" method="POST"
      novalidate="true" action="/signin-service/v1/$client/login/identifier">
  <input type="hidden" id="csrf" name="_csrf" value="$csrf"/>
  <input type="hidden" id="input_relayState" name="relayState" value="$relay_state"/>
  <input type="hidden" id="hmac" name="hmac" value="$hmac"/>
  <label for="input_email">E-mail</label>
  <input type="email" id="input_email" name="email" value=""/>
  <button type="submit" class="primary" id="next-btn">Next</button>
</form></main>
""")

_PASSWORD_FORM: Final = Template("""<main><h1>Enter your password</h1>
<form id="credentialsForm" name="credentialsForm" class="content" method="POST"
      novalidate="true" action="/signin-service/v1/$client/login/authenticate">
  $error
  $hidden
  <input type="password" id="password" name="password" value=""/>
  <span class="eye" onclick="var f=this.form;if(f&&f.password){f.password.type='text'}">
  </span><br/>
  <button type="submit" disabled="disabled" class="primary" id="next-btn">Next</button>
</form></main>
""")

_SCRIPT: Final = Template("""<div id="root"></div>
<script src="/signin-service/v1/static/runtime.js" defer></script>
<script>
    window._IDK = {
        templateModel: $model,
        disabledFeatures: { isRTLEnabled: false$comma },
        currentLocale: '$locale',
        csrf_parameterName: '_csrf',
        csrf_token: '$csrf',
        userSession: { userId: '', countryOfResidence: '$residence' },
        baseUrl: '$origin'
    }
</script>
""")

# The same form as ever for a person, and nothing of it where a program looks.
_CHANGED: Final = """<main><h1>Welcome back</h1>
<vw-form data-step="credentials"><vw-field kind="secret"></vw-field></vw-form></main>
"""

_NEW_STYLE: Final = """<main><form method="POST" class="login">
<input type="text" name="username"><input type="password" name="password">
<span id="error-element-password" class="ulp-input-error-message"
      data-error-code="wrong-email-credentials">Wrong email or password</span>
</form></main>
"""

_UNKNOWN_CODE: Final = '<p class="error">This code is not known, or it is over.</p>'
_CODE_FORM: Final = Template("""<main><h1>Connect a device</h1>$error
<form method="GET" action="$action"><label for="user_code">Code</label>
<input type="text" id="user_code" name="user_code" value="">
<button type="submit" class="primary">Next</button></form></main>
""")

_ALLOW_FORM: Final = Template("""<main><h1>Connect a device</h1>
<p>May the device that shows the code <b>$code</b> use your account?</p>
<form id="allowAccess" method="POST" action="$action">
<input type="hidden" name="_csrf" value="$csrf">
<input type="hidden" name="client_identity_name" value="We Connect">
<button type="submit" name="allow" value="" class="primary">Allow</button>
<button type="submit" name="deny" value="">Decline</button></form></main>
""")

_OOPS: Final = (
    '<main><h1>Oops!</h1><p class="lead">Something went wrong.<br/>'
    "Please try again later.</p></main>"
)


def email_page(client: str, csrf: str, relay_state: str, hmac: str) -> web.Response:
    """Show the e-mail page as HTML."""
    return _page(
        "Sign in",
        _EMAIL_FORM.substitute(
            client=client, csrf=csrf, relay_state=relay_state, hmac=hmac
        ),
        kind="loginIdentifier",
    )


def password_page(
    client: str, hidden: Mapping[str, str], error: str | None
) -> web.Response:
    """Show the password page of 2019 to 2021, as HTML."""
    shown = "" if error is None else f'<p class="error">{escape(error)}</p>'
    inputs = "\n  ".join(
        f'<input type="hidden" id="{name}" name="{name}" value="{escape(value)}"/>'
        for name, value in hidden.items()
    )
    return _page(
        "Password",
        _PASSWORD_FORM.substitute(client=client, hidden=inputs, error=shown),
        kind="loginAuthenticate",
    )


def script_page(
    region: Region, origin: str, csrf: str, model: Mapping[str, Any], *, tidy: bool
) -> web.Response:
    """Show a page that a script renders from its model.

    A tidy one is that of 2022, which has no comma behind the last of some features.
    """
    content = {
        "clientLegalEntityModel": {
            "clientId": region.sign_in_client,
            "clientAppName": "Car-Net",
            "legalEntityInfo": {
                "name": region.legal_entity,
                "productName": "Volkswagen ID",
                "countryOfJurisdiction": region.country,
            },
        },
        **model,
    }
    text = json.dumps(content, separators=(",", ":")).replace("<", "\\u003c")
    return _page(
        "Volkswagen ID",
        _SCRIPT.substitute(
            model=text,
            comma="" if tidy else ",",
            locale=region.locale,
            csrf=csrf,
            residence=region.country if "countryOfResidence" in model else "",
            origin=origin,
        ),
        region.locale,
        kind=str(model["template"]),
    )


def changed_page() -> web.Response:
    """Show a page that nobody has seen before."""
    return _page("Welcome", _CHANGED)


def landing_page() -> web.Response:
    """Show a page that leads nowhere."""
    return _page("Volkswagen ID", "<main><h1>You are signed in</h1></main>")


def code_page(action: str, *, unknown: bool) -> web.Response:
    """Ask for the code that a device shows."""
    return _page(
        "Device",
        _CODE_FORM.substitute(action=action, error=_UNKNOWN_CODE if unknown else ""),
    )


def confirmation_page(action: str, csrf: str, code: str) -> web.Response:
    """Ask whether the device with this code may sign in."""
    return _page(
        "Device",
        _ALLOW_FORM.substitute(action=escape(action), csrf=csrf, code=escape(code)),
    )


def new_style_refusal() -> web.Response:
    """Refuse credentials as the newer sign-in software does."""
    return _page("Log in", _NEW_STYLE, status=400)


def error_page(status: int = 400) -> web.Response:
    """Show that something went wrong, and nothing more."""
    return _page("Error", _OOPS, status=status, kind="error")


def redirect(location: str) -> web.Response:
    """Send the caller elsewhere, perhaps to an app."""
    return web.Response(status=302, headers={"Location": location})


def _page(
    title: str, body: str, language: str = "en", status: int = 200, kind: str = "page"
) -> web.Response:
    head = _HEAD.substitute(title=title, language=language, kind=kind)
    return web.Response(
        text=f"{head}{body}{_FOOT}",
        status=status,
        content_type="text/html",
        headers={"Cache-Control": "no-store"},
    )
