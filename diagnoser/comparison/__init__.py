"""What another knowledge changes: two packs go in, and out comes which answers get another status
of a cause, another first cause, first step or question, with the smallest example of each."""
