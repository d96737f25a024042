"""What is watched only where a scenario asks for it, as it takes books of its own: promises and further measures."""
