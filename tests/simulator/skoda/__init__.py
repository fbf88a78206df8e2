"""Škoda's public interface, tried by a client that shares nothing with Carport."""
