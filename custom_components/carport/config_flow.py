"""Setting up an account: new, signed in again, changed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, override

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import callback

from .accounts.account_form import AccountForm
from .accounts.identity import account_of_entry, account_title, settings_of, typed_vins
from .accounts.issues import async_server_refused
from .accounts.known_accounts import is_known, known_accounts
from .accounts.login import (
    SECRET_NEEDED,
    SERVER_CHANGED,
    SERVER_NEEDS_SIGN_IN,
    LoginFailed,
    LoginResult,
    async_check_server,
    message_key,
)
from .accounts.login_conversation import LoginRequest
from .accounts.login_forms import (
    account_schema,
    reconfigure_schema,
    service_schema,
    sign_in_schema,
)
from .accounts.migration import DAYS
from .accounts.opening import (
    async_account_store,
    async_hosts_of,
    async_service,
    async_store_of,
)
from .accounts.options_flow import CarportOptionsFlow
from .accounts.typed import (
    is_whole_sign_in,
    lacks_secret,
    signs_in,
    typed_account,
    typed_credentials,
    typed_pin,
    typed_server,
)
from .cloud.server import same_server
from .cloud.service_info import Openness
from .const import CONF_PIN, CONF_PIN_MODE, CONF_SERVER, CONF_SERVICE, DOMAIN, PIN_ASKED
from .coordinator import CarportConfigEntry
from .makers.registry import SERVICES

_STEPS: Final[Mapping[Openness, str]] = {
    Openness.OPEN: "account",
    Openness.PARTLY_OPEN: "account_partly_open",
    Openness.CLOSED: "account_closed",
    Openness.DEMO: "demo",
}
"""The page that asks for an account, with an honest word on what works today."""


class CarportConfigFlow(AccountForm, domain=DOMAIN):
    """Set up one account at one service."""

    VERSION = 1
    MINOR_VERSION = DAYS

    _anew: bool = False
    """Whether a server is to be trusted anew, with nothing kept for the one before."""

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> CarportOptionsFlow:
        """Let the owner choose how the account is handled."""
        return CarportOptionsFlow()

    # A new account

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the service, then for what it needs."""
        if user_input is not None:
            kind = await async_service(self.hass, user_input[CONF_SERVICE])
            self.info = kind.info
            return await self._async_account(_STEPS[self.info.openness], None)
        return self.async_show_form(
            step_id="user",
            data_schema=service_schema(SERVICES),
        )

    async def async_step_account(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for an account at a service that is open to third parties."""
        return await self._async_account("account", user_input)

    async def async_step_account_partly_open(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for an account at a service that still answers for some cars."""
        return await self._async_account("account_partly_open", user_input)

    async def async_step_account_closed(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for an account at a service whose maker answers no third party."""
        return await self._async_account("account_closed", user_input)

    async def async_step_demo(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Open the Demo garage, which asks for nothing."""
        return await self._async_account("demo", user_input)

    async def _async_account(
        self, step_id: str, typed: dict[str, Any] | None
    ) -> ConfigFlowResult:
        self._step, self._typed = step_id, typed
        if typed is None:
            return await self.async_show_again(None)
        account = typed_account(self.info, typed)
        self._agree(typed)
        # An account that is there already is not signed in to once more.
        if is_known(self.hass, self.info, account):
            return self.async_abort(reason="already_configured")
        if await self._async_taken(typed_vins(self.info, account.identity)):
            return self.async_abort(reason="car_already_configured")
        return await self.async_sign_in(
            LoginRequest(
                account=account,
                credentials=typed_credentials(self.info, typed, account),
                agreed=self._agreed,
            )
        )

    async def _async_create(self, signed_in: LoginResult) -> ConfigFlowResult:
        """Keep the tokens, and make the entry."""
        typed = self._typed or {}
        account = typed_account(self.info, typed)
        unique_id = _unique_id(account.service, signed_in)
        await self.async_set_unique_id(unique_id)
        self._abort_if_unique_id_configured()
        if self.info.random_id and await self._async_taken(signed_in.vins):
            return self.async_abort(reason="car_already_configured")
        store = async_account_store(self.hass, unique_id)
        await store.async_load()
        await store.async_keep_sign_in(**signed_in.kept, **{CONF_PIN: typed_pin(typed)})
        others = {entry.title for entry, _ in known_accounts(self.hass, self.info)}
        # Pages that were open before know nothing of the card until they are loaded anew.
        first = not self._async_current_entries(include_ignore=False)
        return self.async_create_entry(
            title=account_title(self.info, account.identity, others),
            data=account.data,
            description="first_account" if first else None,
        )

    @override
    async def async_show_again(self, trouble: LoginFailed | None) -> ConfigFlowResult:
        """Show the form that the owner fills in, with what went wrong."""
        asks = trouble is not None and trouble.asks
        if self.source == SOURCE_REAUTH:
            entry: CarportConfigEntry = self._get_reauth_entry()
            if trouble is not None and trouble.asks:
                # Only Reconfigure asks whether other addresses are all right.
                trouble = LoginFailed(SERVER_CHANGED, hosts=trouble.hosts)
            there = await async_hosts_of(self.hass, entry)
            return await self._async_show(
                sign_in_schema(self.info, settings_of(self.info, entry.data)),
                trouble,
                there,
            )
        if self.source == SOURCE_RECONFIGURE:
            entry = self._get_reconfigure_entry()
            typed = self._typed
            schema = reconfigure_schema(
                self.info,
                settings_of(self.info, entry.data),
                pin=self.info.pin and entry.options.get(CONF_PIN_MODE) != PIN_ASKED,
                server=entry.data.get(CONF_SERVER)
                if typed is None
                else typed_server(typed),
                asks=asks,
            )
            return await self._async_show(
                schema, trouble, await async_hosts_of(self.hass, entry)
            )
        country = self.hass.config.country
        schema = account_schema(
            self.info, self._typed or {}, asks=asks, country=country
        )
        return await self._async_show(schema, trouble)

    @override
    async def async_signed_in(self, signed_in: LoginResult) -> ConfigFlowResult:
        """Take what a sign-in brought: a new account, or new tokens of a known one."""
        if self.source == SOURCE_REAUTH:
            entry: CarportConfigEntry = self._get_reauth_entry()
            await self._async_take(entry, signed_in)
            account = self._account()
            return self.async_update_reload_and_abort(
                entry, data={**entry.data, **account.identity, **account.settings}
            )
        if self.source == SOURCE_RECONFIGURE:
            entry = self._get_reconfigure_entry()
            await self._async_take(entry, signed_in)
            return await self._async_changed(entry)
        return await self._async_create(signed_in)

    # A known account that wants its owner

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Begin when the tokens are no longer taken."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the password alone, and say why where it is known."""
        entry: CarportConfigEntry = self._get_reauth_entry()
        self.info = (await async_service(self.hass, entry.data[CONF_SERVICE])).info
        self._step, self._typed = "reauth_confirm", user_input
        if user_input is None:
            return await self.async_show_again(_known_trouble(entry))
        return await self._async_sign_in_again(entry, entry.data.get(CONF_SERVER))

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change password, PIN or server; cars and entities stay.

        Another server gets nothing that was meant for the one before: neither tokens
        nor credentials kept among them, nor the stored PIN.
        """
        entry: CarportConfigEntry = self._get_reconfigure_entry()
        self.info = (await async_service(self.hass, entry.data[CONF_SERVICE])).info
        self._step, self._typed = "reconfigure", user_input
        if user_input is None:
            return await self.async_show_again(None)
        self._agree(user_input)
        try:
            return await self._async_change(entry, user_input)
        except LoginFailed as error:
            return await self.async_show_again(error)

    async def _async_change(
        self, entry: CarportConfigEntry, typed: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Change what was filled in, once the server has taken it."""
        server = typed_server(typed)
        other = not same_server(entry.data.get(CONF_SERVER), server)
        self._anew = other or async_server_refused(self.hass, entry)
        account = account_of_entry(self.info, entry.data, server)
        credentials = typed_credentials(self.info, typed, account)
        if self._anew and not is_whole_sign_in(self.info, credentials):
            raise LoginFailed(SERVER_NEEDS_SIGN_IN)
        if signs_in(self.info, typed, account.settings):
            if lacks_secret(self.info, credentials):
                raise LoginFailed(SECRET_NEEDED)
            return await self._async_sign_in_again(entry, server)
        if self._anew:
            # A service without credentials: there is nothing to sign in with.
            store = async_store_of(self.hass, entry)
            await store.async_load()
            await store.async_keep_sign_in(
                **await async_check_server(self.hass, account, self._agreed)
            )
        return await self._async_changed(entry)

    async def _async_changed(self, entry: CarportConfigEntry) -> ConfigFlowResult:
        """Keep what was changed; cars and entities stay."""
        typed, account = self._typed or {}, self._account()
        store = async_store_of(self.hass, entry)
        await store.async_load()
        data = {
            **entry.data,
            **account.identity,
            **account.settings,
            CONF_SERVER: typed_server(typed),
        }
        pin = typed_pin(typed)
        if self._anew or pin is not None:
            await store.async_keep(**{CONF_PIN: pin})
        if pin is not None or entry.options.get(CONF_PIN_MODE) == PIN_ASKED:
            await store.async_forget_refused_pins()
        return self.async_update_reload_and_abort(entry, data=data)

    async def _async_sign_in_again(
        self, entry: CarportConfigEntry, server: str | None
    ) -> ConfigFlowResult:
        """Sign in to the entry's own account."""
        account = replace(self._account(), server=server)
        if await self._async_taken(typed_vins(self.info, account.identity)):
            return self.async_abort(reason="car_already_configured")
        store = async_store_of(self.hass, entry)
        await store.async_load()
        return await self.async_sign_in(
            LoginRequest(
                account=account,
                credentials=typed_credentials(self.info, self._typed or {}, account),
                entry_id=entry.entry_id,
                kept=store.to_json(),
                agreed=self._agreed,
                anew=self._anew,
            )
        )

    async def _async_take(
        self, entry: CarportConfigEntry, signed_in: LoginResult
    ) -> None:
        """Keep the new tokens of the entry's own account."""
        if not self.info.random_id:
            await self.async_set_unique_id(_unique_id(self.info.key, signed_in))
            self._abort_if_unique_id_mismatch(reason="wrong_account")
        store = async_store_of(self.hass, entry)
        await store.async_load()
        await store.async_keep_sign_in(**signed_in.kept)


def _unique_id(service: str, signed_in: LoginResult) -> str:
    """Return the account's name among all services: two may use the same ids."""
    return f"{service}_{signed_in.account_id}".lower()


def _known_trouble(entry: CarportConfigEntry) -> LoginFailed | None:
    """Return why the running account wants its owner, as far as it knows."""
    if entry.state is not ConfigEntryState.LOADED:
        return None
    coordinator = entry.runtime_data
    if coordinator.trouble is None:
        return None
    page = coordinator.trouble_page
    return LoginFailed(message_key(coordinator.trouble, page), page)
