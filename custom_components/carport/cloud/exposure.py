"""Whether a sign-in may have shown the maker what the owner keeps secret."""

from dataclasses import dataclass


@dataclass(slots=True)
class Exposure:
    """What the calls of a sign-in have sent since the owner typed the credentials.

    A secret may be sent in any form: in clear, encoded, as a digest. So it is not looked
    for: a call counts as one that carries it unless the service has declared otherwise.
    """

    calls: int = 0
    exposed: bool = False

    def note(self, *, without_secret: bool) -> None:
        """Count a call; one that went out undeclared may have carried the secret."""
        self.calls += 1
        self.exposed |= not without_secret

    @property
    def kept_back(self) -> bool:
        """Whether the calls prove that no secret was sent; no call proves nothing."""
        return self.calls > 0 and not self.exposed
