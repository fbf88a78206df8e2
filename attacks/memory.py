"""How much memory an attack may take."""

import resource
from typing import Final

MOST_MEGABYTES: Final = 200


def peak() -> int:
    """Return the most memory that the process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
