"""Tests of the portal of the EU Data Act."""
