"""The form of an account: what is typed there, what it asks about, and what went wrong."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigFlowResult,
)

from ..cloud.service_info import ServiceInfo
from .data import async_get_store
from .identity import Account, account_of_entry
from .known_accounts import async_is_taken
from .login import LoginFailed
from .login_flow import LoginFlow
from .typed import typed_account, typed_agreement


class AccountForm(LoginFlow):
    """A flow that begins with the form of an account, and comes back to it."""

    info: ServiceInfo
    _step: str
    """The form that the owner fills in."""
    _typed: dict[str, Any] | None = None
    """What they have typed there."""
    _asked: frozenset[str] = frozenset()
    """The addresses of a server that the form asks about now."""
    _agreed: frozenset[str] = frozenset()
    """Those that the owner has seen and agreed to."""

    async def _async_taken(self, vins: Collection[str]) -> bool:
        """Return whether another entry of this service has one of these cars."""
        own = self.context.get("entry_id")
        return await async_is_taken(self.hass, self.info, vins, own)

    def _account(self) -> Account:
        """Return the account: as typed, else as it is known."""
        account = typed_account(self.info, self._typed or {})
        if self.source not in {SOURCE_REAUTH, SOURCE_RECONFIGURE}:
            return account
        entry = self.hass.config_entries.async_get_known_entry(self.context["entry_id"])
        known = account_of_entry(self.info, entry.data, account.server)
        return replace(
            known,
            identity={**known.identity, **account.identity},
            settings={**known.settings, **account.settings},
        )

    def _agree(self, typed: Mapping[str, Any]) -> None:
        """Take the owner's word for exactly those addresses that were shown."""
        if typed_agreement(typed):
            self._agreed |= self._asked

    async def _async_show(
        self, schema: Any, trouble: LoginFailed | None, there: Iterable[str] = ()
    ) -> ConfigFlowResult:
        """Show a form, with what went wrong, the page that helps, and where it goes."""
        asks = trouble is not None and trouble.asks
        page = (trouble and trouble.page) or ""
        self._asked = frozenset(trouble.hosts if trouble and asks else ())
        guard = (await async_get_store(self.hass)).guard
        refusals = guard.refusals(self.info, self._account().identity)
        return self.async_show_form(
            step_id=self._step,
            data_schema=schema,
            errors={} if trouble is None else {"base": trouble.key},
            description_placeholders={
                "service": await self.async_service_name(self.info),
                "page": page,
                "link": f"\n\n[{page}]({page})" if page else "",
                "hosts": ", ".join((trouble and trouble.hosts) or ()),
                "there": ", ".join(there) or "–",
                "report": await self.async_report(trouble),
                "guide": await self.async_guide(self.info),
                **{
                    group: await self.async_help(group, self.info.key)
                    for group in ("client_id_help", "password_help", "pin_help")
                },
                **refusals.told,
            },
        )
