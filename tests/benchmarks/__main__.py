"""`make bench`: every figure, the comparison with other engines, the growth with the pack, and the
simulated phones, the open people, the server under load; renews the README's performance section.

`python -m tests.benchmarks --quick` is a shorter run that leaves the README alone, as does one
without the phones or the server.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from pathlib import Path

from diagnoser import Diagnoser
from tests import packs
from tests.benchmarks import (
    calibration,
    figures,
    fleet,
    growth,
    learn,
    load,
    peers,
    people,
    simulate,
    words,
)
from tests.benchmarks.peers import Peer
from tests.benchmarks.plot import plot

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PLOT = Path(__file__).with_name("growth.svg")
BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
CASES, QUICK_CASES = 600, 60
ROUNDS, QUICK_ROUNDS = 3, 2
QUICK_PHONES = 100

Table = list[list[str]]


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    options.add_argument("--quick", action="store_true", help="fewer cases and phones, no growth")
    options.add_argument("--no-phones", action="store_true", help="without the simulated phones")
    options.add_argument("--no-load", action="store_true", help="without the server")
    options.add_argument("--fleet", action="store_true", help="fleets of up to a million phones")
    options.add_argument("--learn", action="store_true", help="only what outcomes teach, in hours")
    chosen = options.parse_args()
    if chosen.learn:
        for part in learn.experiment():
            show([part if isinstance(part, str) else markdown(part)])
        return
    count = QUICK_CASES if chosen.quick else CASES
    rounds = QUICK_ROUNDS if chosen.quick else ROUNDS

    diagnoser, pack = Diagnoser(), packs.built_in_pack()
    sheets = peers.sheets(diagnoser, pack, count)
    parts = [f"On {machine()}, one run; processor time, so that other programs count less."]

    rows = figures.diagnosis(diagnoser, sheets) + figures.next_question(diagnoser, sheets)
    rows += figures.starts(3 if chosen.quick else figures.STARTS) + figures.memory(sheets)
    parts.append(markdown([["figure", ""], *([_indented(name), value] for name, value in rows)]))
    show(parts)

    if not chosen.no_load:
        seconds = load.QUICK_SECONDS if chosen.quick else load.SECONDS
        parts.append(
            f"`diagnoser serve`, driven for {seconds:.0f} seconds from another process on this "
            f"machine ({os.cpu_count()} processors) by one caller, and by {load.CONNECTIONS} at "
            f"once; time on the clock, so that other programs count:"
        )
        for part in load.load(sheets, seconds):
            parts.append(part if isinstance(part, str) else markdown(part))
        show(parts[2:])

    fleets = len(parts)
    parts.append(
        "`diagnoser batch`, a file of phones with typical answers to a file of diagnoses; managed "
        "phones have the seven answers that a management of devices tells, asked ones a third of "
        "all. Time on the clock; memory of all processes together:"
    )
    few = fleet.QUICK if chosen.quick else fleet.SIZES
    for piece in fleet.fleet(fleet.LARGE if chosen.fleet else few):
        parts.append(piece if isinstance(piece, str) else markdown(piece))
    show(parts[fleets:])

    compared = len(parts)
    found, missing, wrong = peers.compare(diagnoser, pack, count, rounds)
    conditions = len(peers.export(pack.data).conditions)
    parts.append(
        f"Which of the pack's {conditions} distinct conditions hold, in {count} cases (the tests' "
        f"scenarios and random answer sheets), every answer compared with a brute-force oracle:"
    )
    parts.append(markdown(ranking(found, wrong)))
    if missing:
        parts.append(f"Not installed here, so not compared: {', '.join(missing)}.")
    show(parts[compared:])

    if not chosen.quick:
        before = len(parts)
        points = growth.grow(pack, sheets)
        parts.append("The pack several times over, each copy with facts and causes of its own:")
        parts.append(markdown(growth.table(points)))
        PLOT.write_text(drawn(points), "utf-8")
        parts.append(
            f"![Growth of one inference with the pack]({PLOT.relative_to(ROOT).as_posix()})"
        )
        show(parts[before:])
    before = len(parts)
    parts.append(
        f"{len(people.people())} people who tell of their iPhone in words of their own, written "
        f"without sight of the program, with what an expert expects of the answer "
        f"(`tests/people/`). {len(people.people(people.MORE))} more were written later by people "
        f"who knew the questions and not the rules; what went wrong for them was then looked "
        f"into:"
    )
    served = people.scores(diagnoser)
    parts.append(markdown(people.table(served)))
    said = [
        calibration.row(f"people, {name}", [(one.probability, one.first) for one in scores])
        for name, scores in served.items()
    ]
    show(parts[before:])
    parts.append(
        "What `diagnoser read` reads from their stories, against what they would answer (a fact "
        "that they have no answer to counts as wrong), and the visits and questions before the "
        "plan, without and with what they confirm of it. One half of the stories was looked at "
        "while phrases were written, the other was not, and so it is with the tickets, which "
        "were written for this; the titles are those of the tests' scenarios, held against "
        "their facts. Intervals are at 95 %. What is confirmed saves questions, and seldom a "
        "visit: a place is still visited for what else is seen there:"
    )
    parts.append(markdown(words.table(diagnoser)))
    show(parts[-2:])
    if not chosen.no_phones:
        phones = QUICK_PHONES if chosen.quick else simulate.PHONES
        parts.append(
            f"{phones:,} phones sampled from the pack's own model (seed {simulate.SEED}): how many "
            f"minutes it takes to a working backup, counted as the plan counts them, how many "
            f"visits and questions there are before the first plan, how many questions later, and "
            f"how often a cause that is present is ranked first, and among the first three, when "
            f"it is made:"
        )
        ways = simulate.simulate(phones)
        parts.append(markdown(simulate.table(ways)))
        show(parts[-2:])
        said += [calibration.row(f"phones, {way.name}", way.said) for way in ways if way.said]
    parts.append(
        "What was said of the first cause, on average, against how often it was a true one:"
    )
    parts.append(markdown([calibration.HEAD, *said]))
    show(parts[-2:])
    if not chosen.quick and not chosen.no_phones and not chosen.no_load:
        renew("\n\n".join(parts))
    if any(wrong.values()):
        sys.exit("Some engines gave wrong answers.")


def show(parts: list[str]) -> None:
    print("\n\n".join(parts), end="\n\n", flush=True)


def ranking(found: list[Peer], wrong: dict[str, int]) -> Table:
    """The engines, fastest first, with how many times the program's median each one takes."""
    mine = next(peer for peer in found if peer.name == peers.OURS).median
    rows = [["engine", "median", "95th percentile", "to diagnoser's", "wrong", ""]]
    for peer in found:
        rows.append(
            [
                peer.label,
                f"{peer.median:,.0f} µs",
                f"{peer.p95:,.0f} µs",
                f"{peer.median / mine:.2f}",
                str(wrong[peer.name]),
                peer.note,
            ]
        )
    return rows


def drawn(points: list[growth.Point]) -> str:
    lines = {
        (name, touched): [
            (float(point.copies), point.microseconds[name])
            for point in points
            if point.touched == touched
        ]
        for name in points[0].microseconds
        for touched in (growth.ONE, growth.ALL)
    }
    return plot("One inference as the pack grows", "size of the pack", "µs, median", lines)


def markdown(rows: Table) -> str:
    """A table in Markdown, aligned so that it reads well as text."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    return "\n".join(
        [lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]
    )


def _indented(name: str) -> str:
    return name.replace("  ", "– ", 1) if name.startswith("  ") else name


def machine() -> str:
    """The processor and the Python that the figures are of."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line for line in info.read_text("utf-8").splitlines() if line.startswith("model name")
        ]
        processor = names[0].partition(": ")[2] if names else processor
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{processor}, {platform.system()}, {python}"


def renewed(text: str, section: str) -> str:
    """The text with the section between its two markers; unchanged where it has none."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{section}\n{END}{tail}" if begin and end else text


def renew(section: str, readme: Path = README) -> None:
    """Puts the section into the README, or says that there is no place for it."""
    text = readme.read_text("utf-8")
    if BEGIN not in text or END not in text:
        print(f"{readme.name} has no {BEGIN} and {END}: not renewed\n", file=sys.stderr)
        return
    readme.write_text(renewed(text, section), "utf-8")


if __name__ == "__main__":
    main()
