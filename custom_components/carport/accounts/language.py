"""In which language somebody looks at a page of set-up.

Home Assistant translates a page in the browser, but for what the page is filled in
with. That comes from here, so it has to be in the same language.
"""

from collections.abc import Iterator, Mapping

from homeassistant.components.frontend.storage import async_user_store
from homeassistant.components.http import KEY_HASS_USER
from homeassistant.core import HomeAssistant
from homeassistant.generated.languages import LANGUAGES
from homeassistant.helpers.http import current_request
from homeassistant.util.language import matches


async def async_language(hass: HomeAssistant) -> str:
    """Return the language that the user chose, else the browser's, else the house's."""
    request = current_request.get()
    if request is None:
        return hass.config.language
    if (user := request.get(KEY_HASS_USER)) is not None:
        kept = (await async_user_store(hass, user.id)).data.get("language")
        chosen = kept.get("language") if isinstance(kept, Mapping) else None
        if isinstance(chosen, str) and chosen in LANGUAGES:
            return chosen
    for tag in _accepted(request.headers.get("Accept-Language", "")):
        if found := matches(tag, LANGUAGES, hass.config.country):
            return found[0]
    return hass.config.language


def _accepted(header: str) -> Iterator[str]:
    """Yield what a browser asks for; it names the most wanted first."""
    for part in header.split(","):
        tag = part.partition(";")[0].strip()
        if tag and tag != "*":
            yield tag
