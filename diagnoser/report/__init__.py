"""From conclusions to the report: one model for every way out, canonical JSON, and records."""
