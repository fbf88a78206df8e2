"""What prepares, checks and shows the project; each script stands alone."""
