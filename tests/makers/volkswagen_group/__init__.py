"""Tests of what the clouds of the Volkswagen group have in common."""
