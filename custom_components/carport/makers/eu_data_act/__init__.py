"""The portal of the EU Data Act: what cars of seven brands report, in files."""
