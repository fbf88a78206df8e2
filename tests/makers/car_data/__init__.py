"""Tests of BMW CarData."""
