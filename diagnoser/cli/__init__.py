"""The command line: data on standard output, talk on standard error.

It exits with 0 when done, 1 when `check` or `diff` found something, `replay` a record that is not
the same, or `batch` rows that cannot be read, 2 for bad usage or input. A command imports what it
needs when it runs, so that help, which needs only click, is there at once.
"""

from diagnoser.cli import (
    batching,
    comparing,
    diagnosing,
    explaining,
    importing,
    knowing,
    learning,
    reading,
    serving,
)
from diagnoser.cli.program import main

for group in (
    batching,
    diagnosing,
    explaining,
    importing,
    knowing,
    comparing,
    learning,
    reading,
    serving,
):
    for command in group.COMMANDS:
        main.add_command(command)

__all__ = ["main"]
