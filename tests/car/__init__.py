"""Tests of what a car is."""
