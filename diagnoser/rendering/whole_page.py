"""Pages that need nothing from elsewhere: style sheet and script stand in them, and their
Content-Security-Policy allows no others."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from markupsafe import Markup

from diagnoser.rendering.templating import HERE, fill


def whole_page(
    template: str, style: str, script: str = "", *, package: str = HERE, **values: object
) -> str:
    """The template, which extends `page/whole.html`, with these values, style sheet and script."""
    allowed = [f"style-src {_hash(style)}", *([f"script-src {_hash(script)}"] if script else [])]
    return fill(
        template,
        package=package,
        style=Markup(style),
        script=Markup(script),
        allowed="; ".join(allowed),
        **values,
    )


def _hash(text: str) -> str:
    """What a Content-Security-Policy calls a text within the page."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
