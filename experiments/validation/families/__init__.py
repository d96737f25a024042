"""Families of targets, one file each: a file with a function ``targets(effort)`` is found by itself."""
