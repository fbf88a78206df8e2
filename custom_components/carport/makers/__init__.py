"""How each cloud speaks: one folder for each maker, one registry of services."""
