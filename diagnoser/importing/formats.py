"""All formats, and which of them a content is in."""

from __future__ import annotations

from diagnoser.importing import (
    apple_status,
    ideviceinfo,
    intune_configuration,
    intune_device,
    jamf_classic,
    jamf_v2,
    mdm_device_information,
    mdm_restrictions,
    mosyle,
    pymobiledevice3,
    simplemdm,
    version_feed,
)
from diagnoser.importing.bounds import Unreadable
from diagnoser.importing.content import Content
from diagnoser.importing.table import Format, Row

FORMATS = {
    one.FORMAT.name: one.FORMAT
    for one in (
        mdm_device_information,
        mdm_restrictions,
        jamf_classic,
        jamf_v2,
        intune_device,
        intune_configuration,
        simplemdm,
        mosyle,
        ideviceinfo,
        pymobiledevice3,
        apple_status,
        version_feed,
    )
}
MAX_ROWS = 10_000


def recognised(content: Content, name: str | None = None) -> tuple[Format, list[Row]]:
    """The format that content is in, known by its keys, or the one of this name; and its devices.

    Raises Unreadable.
    """
    for one in [FORMATS[name]] if name else FORMATS.values():
        if (rows := one.rows(content)) is not None:
            if len(rows) > MAX_ROWS:
                raise Unreadable(f"holds more than {MAX_ROWS} devices")
            return one, rows
    if name:
        raise Unreadable(f"is not {FORMATS[name].title}: it lacks {FORMATS[name].needs}")
    raise Unreadable("is in none of the formats that are known", ", ".join(FORMATS))
