"""Accounts: opening, login forms, ownership of cars, storage, vehicle lists."""
