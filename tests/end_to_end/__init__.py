"""The whole product as its user runs it: real processes, real HTTP, real disk."""
