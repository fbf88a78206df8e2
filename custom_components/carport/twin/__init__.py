"""Twins: cars that do not exist, with physics, an owner and a modem."""
