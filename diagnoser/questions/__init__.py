"""From belief and plan to the question that is worth asking next."""
