"""Published facts, one JSON file a case: its source, where its numbers come from, parameters and expected values."""
