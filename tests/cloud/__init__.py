"""What every cloud has in common."""
