"""Speed of the standard workloads, beside plain scalar Mesa agents measured in the same session."""
