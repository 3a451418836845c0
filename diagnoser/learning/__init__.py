"""What came of past cases: records with outcomes come in, proposed words for the pack go out."""
