"""Volkswagen in Europe: We Connect, and what its successors share with it."""
