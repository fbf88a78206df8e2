"""Carport: every connected car, whoever made it, with the same honest answers."""
