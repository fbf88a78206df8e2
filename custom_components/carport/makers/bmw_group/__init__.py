"""What the clouds of BMW have in common."""
