"""Škoda's public interface, as Carport speaks to it."""
