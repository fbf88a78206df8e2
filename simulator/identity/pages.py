"""The markup of the sign-in pages, with the same hooks as the real ones."""

from collections.abc import Mapping
from html import escape
import json
from string import Template
from typing import Any, Final

from aiohttp import web

from .region import Region

# As in the real pages there is script with ampersands and an open <br>: nobody is
# to take them for XML.
_HEAD: Final = Template("""<!DOCTYPE html>
<html lang="$language">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>$title</title>
  <link rel="stylesheet" href="/signin-service/v1/static/main.css">
</head>
<body class="theme-volkswagen">
""")
_FOOT: Final = """<br>
<footer>Volkswagen &copy; &nbsp;<a href="/signin-service/v1/imprint">Imprint</a>
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
      novalidate action="/signin-service/v1/$client/login/authenticate">
  $error
  <input type="hidden" id="hmac" name="hmac" value="$hmac">
  <input type="password" id="password" name="password" value="">
  <span class="eye" onclick="var f=this.form;if(f&&f.password){f.password.type='text'}">
  </span><br>
  <button type="submit" disabled class="primary" id="next-btn">Next</button>
</form></main>
""")

_SCRIPT: Final = Template("""<div id="root"></div>
<script src="/signin-service/v1/static/runtime.js" defer></script>
<script>
    window._IDK = {
        templateModel: $model,
        disabledFeatures: { isRTLEnabled: false, },
        currentLocale: '$locale',
        csrf_parameterName: '_csrf',
        csrf_token: '$csrf',
        userSession: { userId: '', countryOfResidence: '' },
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

_OOPS: Final = (
    '<main><h1>Oops!</h1><p class="lead">Something went wrong.<br>'
    "Please try again later.</p></main>"
)


def email_page(client: str, csrf: str, relay_state: str, hmac: str) -> web.Response:
    """Show the e-mail page as HTML."""
    return _page(
        "Sign in",
        _EMAIL_FORM.substitute(
            client=client, csrf=csrf, relay_state=relay_state, hmac=hmac
        ),
    )


def password_page(client: str, hmac: str, error: str | None) -> web.Response:
    """Show the password page of 2019 to 2021, as HTML."""
    shown = "" if error is None else f'<p class="error">{escape(error)}</p>'
    return _page(
        "Password",
        _PASSWORD_FORM.substitute(client=client, hmac=hmac, error=shown),
    )


def script_page(
    region: Region, origin: str, csrf: str, model: Mapping[str, Any]
) -> web.Response:
    """Show a page that a script renders from its model."""
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
        _SCRIPT.substitute(model=text, locale=region.locale, csrf=csrf, origin=origin),
        region.locale,
    )


def changed_page() -> web.Response:
    """Show a page that nobody has seen before."""
    return _page("Welcome", _CHANGED)


def landing_page() -> web.Response:
    """Show a page that leads nowhere."""
    return _page("Volkswagen ID", "<main><h1>You are signed in</h1></main>")


def new_style_refusal() -> web.Response:
    """Refuse credentials as the newer sign-in software does."""
    return _page("Log in", _NEW_STYLE, status=400)


def error_page(status: int = 400) -> web.Response:
    """Show that something went wrong, and nothing more."""
    return _page("Error", _OOPS, status=status)


def redirect(location: str) -> web.Response:
    """Send the caller elsewhere, perhaps to an app."""
    return web.Response(status=302, headers={"Location": location})


def _page(
    title: str, body: str, language: str = "en", status: int = 200
) -> web.Response:
    head = _HEAD.substitute(title=title, language=language)
    return web.Response(
        text=f"{head}{body}{_FOOT}",
        status=status,
        content_type="text/html",
        headers={"Cache-Control": "no-store"},
    )
