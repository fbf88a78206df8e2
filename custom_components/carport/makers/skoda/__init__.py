"""Škoda's public interface: an official one, which takes a key from the owner's app."""
