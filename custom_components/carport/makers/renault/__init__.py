"""How Renault's clouds speak."""
