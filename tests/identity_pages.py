"""Every way in which the identity pages of the Volkswagen group can end a sign-in.

Two continents share them. A service's own test module derives from `IdentityPages`
and brings a fixture `account`; everything below then runs over real HTTP.
"""

import json
import logging
from typing import Any, ClassVar

import pytest

from carport.cloud.errors import SignInFailed
from carport.cloud.guard import SignInGuard, guarded_sign_in
from carport.cloud.sign_in import SignInOutcome
from tests.makers.account import ServiceAccount

type Account = ServiceAccount[Any]

_SHORT = 5
AUTHENTICATE = "/signin-service/*/login/authenticate"


class IdentityPages:
    """What stands in the way at the pages, before any token is asked for."""

    tokens: ClassVar[str]
    """The path of the call that would turn a sign-in's code into tokens."""
    host: ClassVar[str]

    async def test_the_account_has_a_stable_id(self, account: Account) -> None:
        """It is the maker's own, whatever the owner typed."""
        first = await account.run(account.service.sign_in(account.credentials))
        typed = {**account.credentials, "username": account.spec.username.title()}
        assert first
        second = await account.run(account.service.sign_in(typed))
        assert second == first

    @pytest.mark.parametrize(
        ("mode", "outcome"),
        [
            ("throttled", SignInOutcome.ACCOUNT_THROTTLED),
            ("locked", SignInOutcome.ACCOUNT_LOCKED),
            ("blocked", SignInOutcome.ACCOUNT_LOCKED),
            ("malformed_email", SignInOutcome.UNKNOWN_ACCOUNT),
            ("unknown", SignInOutcome.UNKNOWN_ACCOUNT),
            ("unknown_error_code", SignInOutcome.UNKNOWN_ACCOUNT),
            ("terms", SignInOutcome.NEW_TERMS),
            ("dataprivacy", SignInOutcome.NEW_TERMS),
            ("consent", SignInOutcome.CONSENT_MISSING),
            ("page_changed", SignInOutcome.PAGE_NOT_UNDERSTOOD),
            ("new_style", SignInOutcome.WRONG_PASSWORD),
            ("no_code", SignInOutcome.PAGE_NOT_UNDERSTOOD),
        ],
    )
    @pytest.mark.parametrize("page", ["A", "B"])
    async def test_each_failure_has_its_name(
        self, account: Account, mode: str, outcome: SignInOutcome, page: str
    ) -> None:
        """Only a wrong password and an unknown account blame the owner."""
        await self.check_end(account, mode, outcome, page)

    async def check_end(
        self, account: Account, mode: str, outcome: SignInOutcome, page: str
    ) -> None:
        """Sign in on such a day: the end has its name, and no token was asked for."""
        control = account.world.control
        control.service(account.kind.info.key, password_page=page)
        control.account(account.spec.username, sign_in=mode)
        assert await account.sign_in() is outcome
        assert account.stored is None
        assert not control.calls(self.tokens)

    async def test_a_wrong_password_is_sent_once(self, account: Account) -> None:
        """Not again after a restart either: the guard remembers."""
        typed = {**account.credentials, "password": "wrong"}
        guard = SignInGuard(account.world.clock)
        for _ in range(3):
            with pytest.raises(SignInFailed) as caught:
                await account.run(guarded_sign_in(account.service, typed, guard))
            assert caught.value.outcome is SignInOutcome.WRONG_PASSWORD
            account.rebuild()
            guard = SignInGuard(
                account.world.clock, json.loads(json.dumps(guard.to_json()))
            )
        assert len(account.world.control.calls(AUTHENTICATE, method="POST")) == 1

    @pytest.mark.parametrize(
        ("changes", "outcome"),
        [
            ({}, None),
            ({"sign_in": "marketing"}, None),
            ({"sign_in": "terms"}, SignInOutcome.NEW_TERMS),
            ({"sign_in": "consent"}, SignInOutcome.CONSENT_MISSING),
            ({"sign_in": "page_changed"}, SignInOutcome.PAGE_NOT_UNDERSTOOD),
            ({"password": "Another-2027"}, SignInOutcome.WRONG_PASSWORD),
        ],
        ids=str,
    )
    async def test_the_newer_page_that_asks_for_both(
        self, account: Account, changes: dict[str, str], outcome: SignInOutcome
    ) -> None:
        """Name and password go out once, together, and every end has its own name."""
        control = account.world.control
        control.service(account.kind.info.key, email_page="one_page")
        control.account(account.spec.username, **changes)
        assert await account.sign_in() is outcome
        assert len(control.calls("/u/login", method="POST")) == 1
        assert not control.calls(AUTHENTICATE)

    async def test_an_unknown_account(self, account: Account) -> None:
        """No password is sent for an address that nobody has."""
        outcome = await account.sign_in(username="nobody@example.com")
        assert outcome is SignInOutcome.UNKNOWN_ACCOUNT
        outcome = await account.sign_in(username="no address")
        assert outcome is SignInOutcome.UNKNOWN_ACCOUNT
        assert not account.world.control.calls(AUTHENTICATE, method="POST")

    async def test_the_owner_reads_where_new_terms_wait(self, account: Account) -> None:
        """The address has no parameters, and nothing was accepted."""
        account.world.control.account(account.spec.username, sign_in="terms")
        with pytest.raises(SignInFailed) as caught:
            await account.run(account.service.sign_in(account.credentials))
        address = caught.value.address or ""
        assert address.startswith(f"https://{self.host}/")
        assert "terms-and-conditions" in address
        assert "?" not in address
        assert not account.world.control.calls("*terms*", method="POST")

    async def test_marketing_is_passed_without_consent(self, account: Account) -> None:
        """An optional page is left by its own way out."""
        account.world.control.account(account.spec.username, sign_in="marketing")
        assert await account.sign_in() is None
        assert not account.world.control.calls("*/consent/*", method="POST")

    async def test_no_secret_leaves_a_sign_in(
        self, account: Account, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Neither logs nor raw answers know the credentials, or what they gave."""
        caplog.set_level(logging.DEBUG)
        assert await account.sign_in() is None
        await account.car()
        ours = "\n".join(
            record.getMessage() for record in caplog.records if "carport" in record.name
        )
        kept = (str(value) for value in json.loads(account.stored or "{}").values())
        secrets = [
            account.spec.username,
            account.spec.password,
            "Bearer",
            "relayState",
            # What is shorter is the country, a flag or nothing.
            *(value for value in kept if len(value) > _SHORT),
        ]
        assert ours
        assert not any(secret in ours for secret in secrets)
        raw = " ".join(account.transport.raw)
        assert raw
        assert not any(word in raw for word in ("oken", "sign", "oidc", "auth"))

    async def test_a_changed_email_page(self, account: Account) -> None:
        """A page that we cannot read is named so."""
        account.world.control.service(account.kind.info.key, email_page="changed")
        assert await account.sign_in() is SignInOutcome.PAGE_NOT_UNDERSTOOD

    @pytest.mark.parametrize(
        ("path", "fault", "outcome"),
        [
            ("/oidc/v1/authorize", {"kind": "status", "status": 400}, "client_refused"),
            ("/oidc/v1/authorize", {"kind": "status", "status": 503}, "maker_outage"),
            (
                "/oidc/v1/authorize",
                {"kind": "status", "status": 404},
                "page_not_understood",
            ),
            ("/oidc/v1/authorize", {"kind": "html"}, "page_not_understood"),
            ("/signin-service/*", {"kind": "empty"}, "page_not_understood"),
            ("/signin-service/*", {"kind": "drop"}, "maker_outage"),
            ("*/login/identifier", {"kind": "status", "status": 500}, "maker_outage"),
            (
                "*/login/identifier",
                {"kind": "status", "status": 429},
                "account_throttled",
            ),
            ("*/login/authenticate", {"kind": "truncated"}, "page_not_understood"),
            (
                "*/login/authenticate",
                {"kind": "status", "status": 503, "method": "POST"},
                "maker_outage",
            ),
        ],
    )
    async def test_faults_at_the_pages(
        self, account: Account, path: str, fault: dict[str, Any], outcome: str
    ) -> None:
        """Whatever breaks, the end has a name and nothing is stored."""
        account.world.control.fault(path=path, **fault)
        assert await account.sign_in() == outcome
        assert account.stored is None
