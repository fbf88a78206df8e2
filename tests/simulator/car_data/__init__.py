"""Tests of BMW CarData on loopback."""
