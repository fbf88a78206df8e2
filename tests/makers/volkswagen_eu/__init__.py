"""Volkswagen in Europe."""
