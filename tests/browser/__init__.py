"""Tests in a browser: the card by itself, and in a real Home Assistant."""
