"""Short versions of the attacks, and proof that they would notice."""
