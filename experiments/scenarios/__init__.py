"""Scenarios that come with the package; ``ripieno run NAME`` finds them by name."""
