"""The hosts of CarData."""

from typing import Final

SIGN_IN: Final = "customer.bmwgroup.com"
API: Final = "api-cardata.bmwgroup.com"
STREAM: Final = "customer.streaming-cardata.bmwgroup.com"
STREAM_PORT: Final = 9000
