"""The Demo garage: cars that do not exist, and the twins they are made of."""
