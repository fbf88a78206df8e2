"""Tests of i Remote on loopback."""
