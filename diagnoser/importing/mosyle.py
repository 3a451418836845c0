"""Mosyle Manager, v2: `listdevices`.

Numbers are text; storage is in gigabytes of 1000 MB; the report is dated in seconds since 1970.
"""

from __future__ import annotations

from diagnoser.importing import dates
from diagnoser.importing.content import Content
from diagnoser.importing.table import (
    Format,
    Key,
    Row,
    above_zero,
    backup_date,
    gigabytes,
    identifier,
    model,
    objects,
    version,
    when,
)


def rows(content: Content) -> list[Row] | None:
    """The `devices` in `response`, or devices alone, with `deviceudid`."""
    found = [
        row
        for page in objects(content.data)
        for response in objects(page.get("response", page))
        for row in objects(response.get("devices", response))
        if "deviceudid" in row
    ]
    return found or None


FORMAT = Format(
    "mosyle",
    "Mosyle Manager, v2",
    "the keys response, devices and deviceudid",
    rows,
    (
        Key("device_model", "device.model", identifier),
        Key("device_model_name", "device.model", model),
        Key("osversion", "ios.version", version),
        Key("isCloudBackupEnabled", "backup.switch", when(true="on", false="off")),
        Key("LastCloudBackupDate", "backup.last_backup", backup_date(dates.from_text)),
        Key(
            "available_disk",
            "storage.iphone_free_gb",
            gigabytes(1),
            only_if=above_zero("total_disk"),
        ),
        Key("is_supervised", "device.management", when(true="supervised")),
    ),
    identity=("serial_number", "deviceudid"),
    kind=("device_model", "device_model_name", "os"),
    dated=(("date_info", dates.from_seconds), ("date_last_beat", dates.from_seconds)),
)
