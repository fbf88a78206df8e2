"""The makers' clouds on loopback, served over twins."""
