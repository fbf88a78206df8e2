"""The simulated We Connect."""
