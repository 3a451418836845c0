"""Holds a conversation at a terminal: an interview and lines of text come in, questions, a plan and
an exit code go out."""
