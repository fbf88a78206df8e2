"""Long-term statistics of cars: energy, cost and distance, at the hour of each."""
