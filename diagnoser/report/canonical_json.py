"""Writes JSON that is safe to print: the same bytes on any machine and any Python."""

from __future__ import annotations

import json
import re

_OBEYED_OR_HIDDEN = (
    "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def as_json(value: object) -> str:
    """The value as JSON, without a line end; objects as their attributes.

    What a terminal would obey or hide is written as an escape: control characters, direction
    overrides, invisible characters, line separators and lone surrogates.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2, default=vars)
    return re.sub(_OBEYED_OR_HIDDEN, lambda found: json.dumps(found[0])[1:-1], text)
