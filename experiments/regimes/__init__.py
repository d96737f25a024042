"""Regimes: where in the space of networks orchestration pays, and what to do in a given network."""
