"""Validation: every target from the literature that the physics allows, measured through ordinary scenarios."""
