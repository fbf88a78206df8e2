"""Tests of BMW's services."""
