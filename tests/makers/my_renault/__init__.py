"""Tests of MyRenault."""
