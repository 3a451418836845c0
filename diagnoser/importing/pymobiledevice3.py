"""`pymobiledevice3 lockdown info` and `lockdown get --domain DOMAIN`: JSON."""

from __future__ import annotations

from diagnoser.importing import lockdown
from diagnoser.importing.content import Content
from diagnoser.importing.table import Format, Row


def rows(content: Content) -> list[Row] | None:
    """A JSON object with keys of lockdown."""
    if content.form == "json" and lockdown.is_lockdown(content.data):
        return [content.data]
    return None


FORMAT = Format(
    "pymobiledevice3",
    "pymobiledevice3",
    lockdown.NEEDS,
    rows,
    lockdown.TABLE,
    lockdown.IDENTITY,
    lockdown.KIND,
    lockdown.DATED,
    one_phone=True,
)
