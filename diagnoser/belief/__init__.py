"""From evidence to the probabilities of causes."""
