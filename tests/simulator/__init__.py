"""The simulated clouds, tried by a client that shares nothing with Carport."""
