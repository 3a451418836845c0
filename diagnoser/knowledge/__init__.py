"""What a pack says, as the program works with it: facts, causes, rules and remedies, and the
conditions and values in them. It comes in from `pack`, and everything else reads it."""
