"""SimpleMDM: `devices` and `devices/N`.

Storage is in gigabytes of 1000 MB; dates are ISO 8601 with an offset.
"""

from __future__ import annotations

from diagnoser.importing import dates
from diagnoser.importing.content import Content
from diagnoser.importing.table import (
    Format,
    Key,
    Row,
    above_zero,
    at,
    backup_date,
    gigabytes,
    identifier,
    objects,
    version,
    when,
)


def rows(content: Content) -> list[Row] | None:
    """What has `attributes` in `data`, one device or a list of them."""
    found = [
        row
        for page in objects(content.data)
        for row in objects(page.get("data"))
        if row.get("type") == "device" and isinstance(row.get("attributes"), dict)
    ]
    return found or None


def _enrolled(row: Row) -> bool:
    return bool(at(row, "attributes.status") == "enrolled")


FORMAT = Format(
    "simplemdm",
    "SimpleMDM",
    'the key data with objects of the type "device"',
    rows,
    (
        Key("attributes.product_name", "device.model", identifier),
        Key("attributes.os_version", "ios.version", version),
        Key("attributes.is_cloud_backup_enabled", "backup.switch", when(true="on", false="off")),
        Key(
            "attributes.last_cloud_backup_date", "backup.last_backup", backup_date(dates.from_text)
        ),
        Key(
            "attributes.available_device_capacity",
            "storage.iphone_free_gb",
            gigabytes(1),
            only_if=above_zero("attributes.device_capacity"),
        ),
        Key("attributes.is_supervised", "device.management", when(true="supervised")),
        Key(
            "attributes.is_supervised",
            "device.management",
            when(false="profile"),
            only_if=_enrolled,
        ),
        Key("attributes.passcode_present", "lock.unlocked_since_restart", when(false="yes")),
    ),
    identity=("attributes.serial_number", "attributes.unique_identifier"),
    kind=("attributes.product_name", "attributes.model_name"),
    dated=(("attributes.last_seen_at", dates.from_text),),
)
