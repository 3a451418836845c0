"""One conversation without its screen: what was said, what to ask, and what to do now."""
