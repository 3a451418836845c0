"""A plot with logarithmic axes as SVG, made by hand: it needs no library and changes only where the
figures do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 790, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 300, 40, 50
COLOURS = ("#0072b2", "#d55e00", "#555555", "#009e73")
DASHES = ("", "6 4")

Line = Sequence[tuple[float, float]]


def plot(title: str, across: str, up: str, lines: Mapping[tuple[str, str], Line]) -> str:
    """The lines by what they are of and how: what gets a colour, and how a dash.

    Both axes are logarithmic; the x axis has a tick for each x, the y axis for each power of ten.
    """
    xs = sorted({x for line in lines.values() for x, _ in line})
    ys = [y for line in lines.values() for _, y in line]
    low, high = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))

    def place(x: float, y: float) -> tuple[float, float]:
        right = math.log(x / xs[0]) / math.log(xs[-1] / xs[0])
        upwards = (math.log10(y) - low) / (high - low)
        return (
            round(LEFT + right * (WIDTH - LEFT - RIGHT), 1),
            round(HEIGHT - BOTTOM - upwards * (HEIGHT - TOP - BOTTOM), 1),
        )

    shapes = [_text(LEFT, 20, title, "font-weight='bold'")]
    for power in range(low, high + 1):
        x, y = place(xs[0], 10.0**power)
        shapes.append(_line([(x, y), (WIDTH - RIGHT, y)], "#dddddd", "", 1))
        shapes.append(_text(x - 8, y + 4, f"{10**power:,}", "text-anchor='end'"))
    for tick in xs:
        x, y = place(tick, 10.0**low)
        shapes.append(_line([(x, TOP), (x, y)], "#dddddd", "", 1))
        shapes.append(_text(x, y + 18, f"{tick:g}x", "text-anchor='middle'"))
    middle = (LEFT + WIDTH - RIGHT) / 2
    shapes.append(_text(middle, HEIGHT - 12, across, "text-anchor='middle'"))
    turned = f"text-anchor='middle' transform='rotate(-90 16 {HEIGHT / 2})'"
    shapes.append(_text(16, HEIGHT / 2, up, turned))
    whats = list(dict.fromkeys(what for what, _ in lines))
    hows = list(dict.fromkeys(how for _, how in lines))
    for number, ((what, how), line) in enumerate(lines.items()):
        colour, dash = COLOURS[whats.index(what) % 4], DASHES[hows.index(how) % 2]
        shapes.append(_line([place(x, y) for x, y in line], colour, dash, 2))
        beside = TOP + 12 + 22 * number
        ends = [(WIDTH - RIGHT + 16, beside), (WIDTH - RIGHT + 44, beside)]
        shapes.append(_line(ends, colour, dash, 2))
        shapes.append(_text(WIDTH - RIGHT + 50, beside + 4, f"{what}, {how}", ""))
    head = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' "
        f"font-family='sans-serif' font-size='12' role='img'>"
    )
    background = f"<rect width='{WIDTH}' height='{HEIGHT}' fill='white'/>"
    return (
        "\n".join([head, f"<title>{escape(title)}</title>", background, *shapes, "</svg>"]) + "\n"
    )


def _line(points: Line, colour: str, dash: str, width: int) -> str:
    dashed = f" stroke-dasharray='{dash}'" if dash else ""
    path = " ".join(f"{x},{y}" for x, y in points)
    return (
        f"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='{width}'{dashed}/>"
    )


def _text(x: float, y: float, text: str, style: str) -> str:
    return f"<text x='{x}' y='{y}' {style}>{escape(text)}</text>"
