"""What somebody says in their own words, read as proposals of facts: text in, proposals out, each
with the words that it rests on. A proposal is no answer before the person has confirmed it."""
