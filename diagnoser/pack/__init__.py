"""From a folder of YAML files and tables to linked knowledge, or to every mistake in it."""
