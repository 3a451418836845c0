"""The terminal side of a conversation: what is shown, what is typed, and how it ends."""
