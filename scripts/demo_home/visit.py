"""The owner's browser: opens a link of a sign-in, logs in there, and approves."""

from collections.abc import Mapping
import re
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import aiohttp

_TICKET: Final = re.compile(r'name="ticket" value="([^"]+)"')


async def approve(link: str, account: Mapping[str, Any]) -> None:
    """Approve a device on the page of a simulated maker."""
    page = urlsplit(link)._replace(query="").geturl()
    (code,) = parse_qs(urlsplit(link).query)["user_code"]
    form = {
        "user_code": code,
        "email": account["username"],
        "password": account["password"],
    }
    async with aiohttp.ClientSession() as session:
        async with session.post(page, data=form) as answer:
            ticket = _TICKET.search(await answer.text())
        if ticket is None:
            raise ValueError("the page wants something else")
        decided = {"ticket": ticket[1], "decision": "approve"}
        async with session.post(f"{page}/decide", data=decided) as answer:
            answer.raise_for_status()
