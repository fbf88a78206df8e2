"""Tests of Carport; the folders mirror the tree."""
