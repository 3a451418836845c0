"""The command line: data on standard output, talk on standard error.

It exits with 0 when done, 1 when `check` found something or `replay` a record that is not the same,
2 for bad usage or input. Only click is imported at the top, so that help is there at once; commands
are imported when they are called, and import what they need.
"""

from diagnoser.cli.program import main

__all__ = ["main"]
