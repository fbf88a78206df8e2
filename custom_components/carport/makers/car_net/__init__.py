"""Volkswagen in North America: Car-Net."""
