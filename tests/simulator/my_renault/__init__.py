"""Tests of the simulated MyRenault."""
