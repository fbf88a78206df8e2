"""Renault's clouds, against their simulators."""
