"""What the accounts of all makers have in common; each maker brings `account`."""

from typing import Any

import pytest

from .account import ServiceAccount


@pytest.fixture
async def signed_in(account: ServiceAccount[Any]) -> ServiceAccount[Any]:
    """Return the account, signed in, and no call so far."""
    await account.enter()
    return account
