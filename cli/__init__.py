"""`carport`, the command: accounts and cars from a terminal, without Home Assistant."""
