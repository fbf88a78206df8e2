"""Tests of the simulated portal of the EU Data Act."""
