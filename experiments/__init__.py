"""Experiments: commands, bundled scenarios, studies, validation and benchmarks over the model."""
