"""Tests of the garage: merging, telling, commanding."""
