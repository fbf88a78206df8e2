"""Tests of the Demo garage and its twins."""
