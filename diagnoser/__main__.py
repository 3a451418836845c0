"""`python -m diagnoser`: the command line."""

from diagnoser.cli import main

if __name__ == "__main__":
    main(prog_name="diagnoser")
