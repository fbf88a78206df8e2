"""The name under which makers are spoken to."""

import json
from pathlib import Path
import re

from carport.cloud import product


def test_product_token() -> None:
    """It is one token and our version, as HTTP has it."""
    assert re.fullmatch(r"carport/[\w.+-]+", product.PRODUCT, re.ASCII)
    manifest = Path(product.__file__).parents[1] / "manifest.json"
    version = json.loads(manifest.read_text(encoding="utf-8"))["version"]
    assert product.PRODUCT.removeprefix("carport/") == version
