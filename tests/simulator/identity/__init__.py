"""The identity pages, as clients of others see them."""
