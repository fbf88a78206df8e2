"""Renault's cloud of its first electric cars: Z.E. Services."""
