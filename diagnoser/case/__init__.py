"""From what somebody says of one phone to checked facts: a case."""
