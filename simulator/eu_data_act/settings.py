"""What can be set for the whole portal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..identity.settings import IDENTITY_SETTINGS, IdentitySettings
from ..settings import Setting, choice, number, settings_table


@dataclass(slots=True, kw_only=True)
class DataActSettings(IdentitySettings):
    """The portal's figures; where reality is unknown they are the simulator's own."""

    session_lifetime: float = 21_600
    affinity: bool = True
    """Whether calls have to bring the cookie that names the machine they belong to."""
    sliding_session: bool = False
    """Whether a session that is used is prolonged by a new cookie."""
    ends_in_redirect: bool = False
    """Whether a dead session is led to the sign-in, in place of 401."""
    detours: float = 0
    """How many redirects follow the authorization response."""
    consent_after_response: bool = False
    """Whether the portal sends a browser back to the identity host for a consent."""
    opaque_session: bool = False
    """Whether the session cookie is no JWT."""
    vehicles_in_object: bool = False
    metadata_shape: str = "object"
    """How the list of requests is wrapped: it has been seen in several ways."""
    files_in_object: bool = True
    says_no_content: bool = True
    """Whether the names of empty files say that they are."""
    all_data_needed: bool = False
    """Whether a request without the cluster of all data is refused."""
    reads_limit: float | None = None
    """Lists and downloads in `reads_window`; one more answers 429 for `reads_pause`."""
    reads_window: float = 60
    reads_pause: float = 120


SERVICE_SETTINGS: Final[Mapping[str, Setting[Any]]] = settings_table(
    DataActSettings,
    *IDENTITY_SETTINGS,
    choice(
        "metadata_shape", "object", "list", "items", "requests", "data", "one_in_data"
    ),
    number("reads_limit", none="no limit"),
)
