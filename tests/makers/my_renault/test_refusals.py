"""What a refusal in a body means, whichever of its two codes says so."""

from datetime import UTC, datetime
import json
from typing import Any

import pytest
from yarl import URL

from carport.cloud.answer import Answer
from carport.cloud.errors import Busy, CloudError, NotSupported, Outage
from carport.makers.my_renault.readings import contract_end
from carport.makers.my_renault.refusals import Forbidden, QuotaRefused, refusal_in

VCPS = "err.func.vcps.ev.charge-mode.error"


@pytest.mark.parametrize(
    ("error", "message", "status", "kind"),
    [
        # The two codes differ in the family of the cars' own services.
        ("409001", VCPS, 409, Busy),
        ("500123", VCPS, 500, NotSupported),
        (404123, VCPS, 400, NotSupported),
        (None, VCPS, 500, NotSupported),
        ("err.func.wired.overloaded", "err.func.wired.overloaded", 429, QuotaRefused),
        ("err.tech.500", None, 500, Outage),
        # Nothing that is known: then the status counts.
        ("surprise", "surprise", 404, NotSupported),
        ("surprise", None, 502, Outage),
        # An error is one though the status denies it.
        ("surprise", None, 200, CloudError),
        ("err.func.wired.forbidden", None, 200, Forbidden),
    ],
)
def test_either_code_may_be_the_known_one(
    error: str | int | None,
    message: str | None,
    status: int,
    kind: type[CloudError],
) -> None:
    """It is told as an error and as a message, and one of them is enough."""
    body = {"errors": [{"errorCode": error}], "messages": [{"code": message}]}
    answer = Answer(
        what="/charge-mode",
        status=status,
        url=URL("https://example.com/charge-mode"),
        headers={},
        text=json.dumps(body),
    )
    assert type(refusal_in(answer)) is kind


@pytest.mark.parametrize(
    ("contracts", "end"),
    [
        ([("ENDED", "2023-03-02"), ("ACTIVE", "2027-03-02")], (2027, 3, 3)),
        ([("ENDED", "2023-03-02"), ("REJECTED", None)], (2023, 3, 3)),
        # One that goes on without an end outlives all that have ended.
        ([("ENDED", "2023-03-02"), ("ACTIVE", None)], None),
        ([("ACTIVE", "2027-03-02"), ("ACTIVE", None)], None),
        ([], None),
    ],
)
def test_when_the_connected_services_end(
    contracts: list[tuple[str, str | None]], end: tuple[int, int, int] | None
) -> None:
    """By it a car that is refused everything is told from one that is not paid for."""
    listed: list[dict[str, Any]] = [
        {"type": "CONNECTED_SERVICES", "status": status, "endDate": date}
        for status, date in contracts
    ]
    assert contract_end(listed) == (end and datetime(*end, tzinfo=UTC))
