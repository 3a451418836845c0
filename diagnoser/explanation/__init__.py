"""From a case and what was concluded of it to the reasons for that."""
