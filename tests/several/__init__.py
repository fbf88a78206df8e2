"""Tests of several processes that share accounts, with a real PostgreSQL."""
