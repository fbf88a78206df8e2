"""Cars at a real broker."""
