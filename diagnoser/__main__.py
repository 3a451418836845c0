"""The installed program, and `python -m diagnoser`: the command line in a process of its own."""

import gc


def run() -> None:
    """Runs the command that the arguments give, and leaves with its exit code."""
    # A command loads much and frees almost nothing before it ends. Collecting garbage rarely while
    # it runs, and not at all when it ends, saves a tenth of its time.
    gc.set_threshold(100_000)
    from diagnoser.cli import main

    try:
        main(prog_name="diagnoser")
    finally:
        gc.freeze()


if __name__ == "__main__":
    run()
