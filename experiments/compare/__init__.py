"""Comparing arms: the same world under each arm, on the same random numbers."""
