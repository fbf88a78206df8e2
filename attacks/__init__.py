"""Attacks on Carport: what clouds, servers, crashes and people can do to it."""
