"""Sign-in pages as Volkswagen's identity host serves them, with invented values."""

from typing import Final

EMAIL_FORM: Final = """
<!DOCTYPE html><html><head><title>Sign in</title></head><body>
<form id="emailPasswordForm" name="emailPasswordForm" class="content" method="POST"
      novalidate="true" action="/signin-service/v1/client@apps/login/identifier">
  <input type="hidden" id="csrf" name="_csrf" value="5d0c1b52-0a55"/>
  <input type="hidden" id="input_relayState" name="relayState" value="0f3a9c6d"/>
  <input type="hidden" id="hmac" name="hmac" value="9f2c"/>
  <input type="email" id="input_email" name="email" value=""/>
  <input type="submit"/>
</form></body></html>
"""

PASSWORD_SCRIPT: Final = """
<html><body><script>
    window._IDK = {
        templateModel: {"clientLegalEntityModel":{"clientId":"client@apps"},"template":"loginAuthenticate","hmac":"c01d","title":null,"error":null,"relayState":"0f3a9c6d","nextButtonDisabled":false,"postAction":"login/authenticate"},
        disabledFeatures: { isRTLEnabled: false, },
        currentLocale: 'en-US',
        csrf_parameterName: '_csrf',
        csrf_token: 'kQ3-_x',
        userSession: { userId: '', countryOfResidence: '' },
        baseUrl: 'https://identity.example'
    }
</script></body></html>
"""

ERROR_PAGE: Final = """
<html><body><form id="other"></form>
<span id="error-element-password" data-error-code="wrong-email-credentials">No.</span>
</body></html>
"""
