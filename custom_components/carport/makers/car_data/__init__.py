"""BMW CarData: the official, read-only way to the cars of BMW and Mini in Europe."""
