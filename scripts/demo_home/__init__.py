"""A real Home Assistant with Carport in it, for the demo and the end-to-end test."""
