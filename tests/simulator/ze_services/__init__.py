"""Z.E. Services, tried by a client that shares nothing with Carport."""
