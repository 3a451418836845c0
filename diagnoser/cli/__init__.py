"""The command line: data on standard output, talk on standard error.

It exits with 0 when done, 1 when `check` found something or `replay` a record that is not the same,
2 for bad usage or input. Only click is imported at the top, so that help is there at once; commands
import what they need.
"""

from diagnoser.cli.diagnosing import COMMANDS as DIAGNOSING
from diagnoser.cli.explaining import COMMANDS as EXPLAINING
from diagnoser.cli.knowing import COMMANDS as KNOWING
from diagnoser.cli.program import main

for command in (*DIAGNOSING, *EXPLAINING, *KNOWING):
    main.add_command(command)

__all__ = ["main"]
