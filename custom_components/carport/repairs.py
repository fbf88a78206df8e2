"""Repairs: the forms by which the owner mends what an issue tells."""

from typing import Any

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .accounts.issues import MEND
from .accounts.left_behind import LEFT_BEHIND
from .accounts.login_forms import pin_schema
from .accounts.opening import async_store_of
from .accounts.running import RunningEntry
from .accounts.typed import typed_pin
from .cloud.errors import CloudError
from .const import CONF_PIN


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Return the fix: another PIN, what the service itself can do, or the owner's word."""
    if data is not None and MEND in data:
        return MendFlow()
    if data is not None and LEFT_BEHIND in data:
        return ConfirmRepairFlow()
    return PinRepairFlow()


class MendFlow(RepairsFlow):
    """Let the service do what it offers, once the owner agrees."""

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Begin with the question."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask, then do it."""
        data = self.data or {}
        entry: RunningEntry | None = self.hass.config_entries.async_get_entry(
            str(data.get("entry_id"))
        )
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="account_gone")
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                await entry.runtime_data.runner.mend(str(data[MEND]))
            except CloudError:
                errors["base"] = "not_mended"
            else:
                entry.runtime_data.async_update_issues()
                return self.async_create_entry(data={})
        return self.async_show_form(
            step_id="confirm",
            errors=errors,
            description_placeholders={"account": entry.title},
        )


class PinRepairFlow(RepairsFlow):
    """Ask for the right PIN after the cloud refused the stored one."""

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Begin with the form."""
        return await self.async_step_pin()

    async def async_step_pin(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Store another PIN and bring the account up with it."""
        entry: RunningEntry | None = self.hass.config_entries.async_get_entry(
            str((self.data or {}).get("entry_id"))
        )
        if entry is None:
            return self.async_abort(reason="account_gone")
        errors: dict[str, str] = {}
        if user_input is not None:
            pin = typed_pin(user_input)
            store = async_store_of(self.hass, entry)
            await store.async_load()
            if pin and pin != store.pin:
                await store.async_forget_refused_pins()
                await store.async_keep(**{CONF_PIN: pin})
                self.hass.config_entries.async_schedule_reload(entry.entry_id)
                return self.async_create_entry(data={})
            errors[CONF_PIN] = "same_pin"
        return self.async_show_form(
            step_id="pin",
            data_schema=pin_schema(),
            errors=errors,
            description_placeholders={"account": entry.title},
        )
