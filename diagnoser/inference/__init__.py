"""From the known facts of a case to what the rules conclude from them."""
