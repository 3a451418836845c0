"""From belief to a plan: which remedies, in which order, at what expected cost."""
