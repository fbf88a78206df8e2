"""Setting up an account: new, signed in again, changed; and its options."""

from collections.abc import Mapping
from typing import Any, Final, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import CONF_USERNAME
from homeassistant.core import callback

from .account import async_account_store
from .account_forms import (
    account_schema,
    account_title,
    options_schema,
    reconfigure_schema,
    service_schema,
    sign_in_schema,
    typed_account,
    typed_credentials,
    typed_pin,
    typed_server,
)
from .const import (
    CONF_PIN,
    CONF_PIN_MODE,
    CONF_REGION,
    CONF_SERVER,
    CONF_SERVICE,
    DOMAIN,
    PIN_ASKED,
)
from .coordinator import CarportConfigEntry
from .listing import ListedCars
from .makers.registry import SERVICES
from .service.contract import Openness, ServiceInfo
from .sign_up import (
    Account,
    NotSignedIn,
    SignedIn,
    async_check_server,
    async_try_sign_in,
    message_key,
)

_STEPS: Final[Mapping[Openness, str]] = {
    Openness.OPEN: "account",
    Openness.CLOSED: "account_closed",
    Openness.DEMO: "demo",
}
"""The page that asks for an account, with an honest word on what works today."""


class CarportConfigFlow(ConfigFlow, domain=DOMAIN):
    """Set up one account at one service."""

    VERSION = 1
    MINOR_VERSION = 1

    info: ServiceInfo

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
            self.info = SERVICES[user_input[CONF_SERVICE]].info
            return await self._async_account(_STEPS[self.info.openness], None)
        return self.async_show_form(
            step_id="user",
            data_schema=service_schema(kind.info for kind in SERVICES.values()),
        )

    async def async_step_account(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for an account at a service that is open to third parties."""
        return await self._async_account("account", user_input)

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
        trouble: NotSignedIn | None = None
        if typed is not None:
            account = typed_account(self.info, typed)
            # An account that is there already is not signed in to once more.
            self._async_abort_entries_match(
                {
                    CONF_SERVICE: account.service,
                    CONF_REGION: account.region,
                    CONF_USERNAME: account.username,
                }
            )
            try:
                return await self._async_create(account, typed)
            except NotSignedIn as error:
                trouble = error
        return self._show(
            step_id, self.info, account_schema(self.info, typed or {}), trouble
        )

    async def _async_create(
        self, account: Account, typed: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Sign in, keep the tokens, and make the entry."""
        credentials = typed_credentials(self.info, typed, account.username)
        signed_in = await async_try_sign_in(self.hass, account, credentials)
        unique_id = _unique_id(account.service, signed_in)
        await self.async_set_unique_id(unique_id)
        self._abort_if_unique_id_configured()
        store = async_account_store(self.hass, unique_id)
        await store.async_load()
        await store.async_keep(**signed_in.kept)
        data: dict[str, Any] = {
            CONF_SERVICE: account.service,
            CONF_REGION: account.region,
            CONF_USERNAME: account.username,
            CONF_SERVER: account.server,
        }
        if (pin := typed_pin(typed)) is not None:
            data[CONF_PIN] = pin
        return self.async_create_entry(
            title=account_title(self.info, account.username), data=data
        )

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
        info = SERVICES[entry.data[CONF_SERVICE]].info
        trouble = _known_trouble(entry)
        if user_input is not None:
            try:
                await self._async_sign_in_again(
                    entry, user_input, entry.data.get(CONF_SERVER)
                )
                return self.async_update_reload_and_abort(entry)
            except NotSignedIn as error:
                trouble = error
        return self._show("reauth_confirm", info, sign_in_schema(info), trouble)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change password, PIN or server; cars, entities and tokens stay."""
        entry: CarportConfigEntry = self._get_reconfigure_entry()
        info = SERVICES[entry.data[CONF_SERVICE]].info
        server = entry.data.get(CONF_SERVER)
        trouble: NotSignedIn | None = None
        if user_input is not None:
            before, server = server, typed_server(user_input)
            try:
                if typed_credentials(info, user_input, ""):
                    await self._async_sign_in_again(entry, user_input, server)
                elif server != before:
                    await async_check_server(self.hass, _account(entry, server))
                updates: dict[str, Any] = {CONF_SERVER: server}
                if (pin := typed_pin(user_input)) is not None:
                    updates[CONF_PIN] = pin
                return self.async_update_reload_and_abort(entry, data_updates=updates)
            except NotSignedIn as error:
                trouble = error
        stored = entry.options.get(CONF_PIN_MODE) != PIN_ASKED
        schema = reconfigure_schema(info, pin=info.pin and stored, server=server)
        return self._show("reconfigure", info, schema, trouble)

    async def _async_sign_in_again(
        self,
        entry: CarportConfigEntry,
        typed: Mapping[str, Any],
        server: str | None,
    ) -> None:
        """Sign in to the entry's own account, and keep the new tokens."""
        account = _account(entry, server)
        info = SERVICES[account.service].info
        store = async_account_store(self.hass, entry.unique_id or "")
        await store.async_load()
        signed_in = await async_try_sign_in(
            self.hass,
            account,
            typed_credentials(info, typed, account.username),
            store.data,
        )
        await self.async_set_unique_id(_unique_id(account.service, signed_in))
        self._abort_if_unique_id_mismatch(reason="wrong_account")
        await store.async_keep(**signed_in.kept)

    def _show(
        self,
        step_id: str,
        info: ServiceInfo,
        schema: Any,
        trouble: NotSignedIn | None,
    ) -> ConfigFlowResult:
        """Show a form, with what went wrong and the page that helps."""
        return self.async_show_form(
            step_id=step_id,
            data_schema=schema,
            errors={} if trouble is None else {"base": trouble.key},
            description_placeholders={
                "service": info.name,
                "page": (trouble and trouble.page) or "",
            },
        )


class CarportOptionsFlow(OptionsFlowWithReload):
    """How the owner likes an account handled."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for everything on one page."""
        entry: CarportConfigEntry = self.config_entry
        if user_input is not None:
            if user_input.get(CONF_PIN_MODE) == PIN_ASKED:
                data = {
                    key: value for key, value in entry.data.items() if key != CONF_PIN
                }
                self.hass.config_entries.async_update_entry(entry, data=data)
            return self.async_create_entry(data=user_input)
        store = async_account_store(self.hass, entry.unique_id or entry.entry_id)
        await store.async_load()
        listed = ListedCars.from_json(store.data.get("cars"))
        info = SERVICES[entry.data[CONF_SERVICE]].info
        return self.async_show_form(
            step_id="init",
            data_schema=options_schema(info, listed.cars.values(), entry.options),
        )


def _account(entry: CarportConfigEntry, server: str | None) -> Account:
    """Return the account of an entry, at this server."""
    return Account(
        service=entry.data[CONF_SERVICE],
        region=entry.data[CONF_REGION],
        username=entry.data[CONF_USERNAME],
        server=server,
    )


def _unique_id(service: str, signed_in: SignedIn) -> str:
    """Return the account's name among all services: two may use the same ids."""
    return f"{service}_{signed_in.account_id}".lower()


def _known_trouble(entry: CarportConfigEntry) -> NotSignedIn | None:
    """Return why the running account wants its owner, as far as it knows."""
    if entry.state is not ConfigEntryState.LOADED:
        return None
    coordinator = entry.runtime_data
    if coordinator.trouble is None:
        return None
    page = coordinator.trouble_page
    return NotSignedIn(message_key(coordinator.trouble, page), page)
