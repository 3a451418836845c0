"""`ideviceinfo -q DOMAIN` of libimobiledevice: lines of text, or with `-x` a property list."""

from __future__ import annotations

from diagnoser.importing import lockdown
from diagnoser.importing.content import Content
from diagnoser.importing.table import Format, Row


def rows(content: Content) -> list[Row] | None:
    """Lines or a property list with keys of lockdown."""
    if content.form in ("plist", "lines") and lockdown.is_lockdown(content.data):
        return [content.data]
    return None


FORMAT = Format(
    "ideviceinfo",
    "ideviceinfo",
    lockdown.NEEDS,
    rows,
    lockdown.TABLE,
    lockdown.IDENTITY,
    lockdown.KIND,
    lockdown.DATED,
    one_phone=True,
)
