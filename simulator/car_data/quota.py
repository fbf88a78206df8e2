"""The calls of a day: counted over the whole account, whatever comes of them."""

from datetime import datetime, timedelta

from aiohttp import web

from .account import AccountState
from .answers import refused
from .settings import Settings

_DAY = timedelta(days=1)


def take(
    account: AccountState, settings: Settings, now: datetime
) -> web.Response | None:
    """Count a call; return its refusal where there were too many."""
    begin = now - _DAY
    if settings.quota_window == "midnight":
        begin = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if account.calls and account.calls[-1] < begin:
        account.calls_elsewhere = 0
    account.calls = [call for call in account.calls if call >= begin]
    account.calls.append(now)
    allowed = settings.calls_a_day
    if allowed is None or len(account.calls) + account.calls_elsewhere <= allowed:
        return None
    if settings.quota_form == "plain":
        answer = web.Response(status=429, text="Too Many Requests")
    else:
        answer = refused("CU-429")
    if settings.retry_after is not None:
        answer.headers["Retry-After"] = str(round(settings.retry_after))
    return answer
