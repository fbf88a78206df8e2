"""How a sign-in can end; every end has its own message and its own way on."""

from enum import StrEnum
from typing import Final


class SignInOutcome(StrEnum):
    """The closed list of ends of a sign-in."""

    SIGNED_IN = "signed_in"
    WRONG_PASSWORD = "wrong_password"
    UNKNOWN_ACCOUNT = "unknown_account"
    CODE_WANTED = "code_wanted"
    CAPTCHA = "captcha"
    NEW_TERMS = "new_terms"
    CONSENT_MISSING = "consent_missing"
    ACCOUNT_LOCKED = "account_locked"
    ACCOUNT_THROTTLED = "account_throttled"
    QUOTA = "quota"
    MAKER_OUTAGE = "maker_outage"
    CLIENT_REFUSED = "client_refused"
    PAGE_NOT_UNDERSTOOD = "page_not_understood"
    WRONG_REGION = "wrong_region"


BLAMES_CREDENTIALS: Final = frozenset(
    {SignInOutcome.WRONG_PASSWORD, SignInOutcome.UNKNOWN_ACCOUNT}
)
"""The only outcomes that may say the owner mistyped."""

NEEDS_OWNER: Final = frozenset(
    {
        SignInOutcome.WRONG_PASSWORD,
        SignInOutcome.UNKNOWN_ACCOUNT,
        SignInOutcome.CODE_WANTED,
        SignInOutcome.CAPTCHA,
        SignInOutcome.NEW_TERMS,
        SignInOutcome.CONSENT_MISSING,
        SignInOutcome.ACCOUNT_LOCKED,
        SignInOutcome.WRONG_REGION,
    }
)
"""Outcomes that do not mend themselves: somebody has to do something."""
