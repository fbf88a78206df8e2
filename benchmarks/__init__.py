"""Measured figures of Carport, run by scripts/bench."""
