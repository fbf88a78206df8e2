"""Tests of what Home Assistant shows."""
