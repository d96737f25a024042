"""Closed-form models by which an agent judges its own levers: pure functions, one family a file."""
