"""Validation: every target from the literature that this engine's physics allows, measured through ordinary scenarios."""
