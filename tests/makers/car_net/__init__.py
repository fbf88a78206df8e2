"""Volkswagen in North America, against its simulator."""
