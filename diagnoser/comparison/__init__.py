"""Two versions of the knowledge come in; what they say differently, and of which answers, goes
out."""
