"""The installed program, and `python -m diagnoser`: the command line in a process of its own."""

import gc


def run() -> None:
    """Runs the command that the arguments give, and leaves with its exit code."""
    # What is loaded stays to the end, so looking through it for garbage is in vain; a sixth of the
    # time of a short command would go into that, most of it at the end.
    gc.set_threshold(100_000)
    from diagnoser.cli import main

    try:
        main(prog_name="diagnoser")
    finally:
        gc.freeze()


if __name__ == "__main__":
    run()
