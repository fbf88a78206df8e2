"""Tests of the command `carport`, as processes of their own against the simulator."""
