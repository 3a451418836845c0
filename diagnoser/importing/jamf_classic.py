"""Jamf Pro, Classic API: `mobiledevices/id/N` as JSON.

Storage is in megabytes, 1000 to the gigabyte; dates are milliseconds since 1970, and 0 means never.
"""

from __future__ import annotations

from diagnoser.importing import dates
from diagnoser.importing.content import Content
from diagnoser.importing.table import (
    Format,
    Key,
    Row,
    backup_date,
    gigabytes,
    identifier,
    is_on,
    objects,
    version,
    when,
)


def rows(content: Content) -> list[Row] | None:
    """Content with `mobile_device`, or `computer` for a Mac, alone or in a list."""
    found = [
        one if "mobile_device" in one else A_MAC
        for one in objects(content.data)
        if "mobile_device" in one or "computer" in one
    ]
    return found or None


A_MAC: Row = {"mobile_device": {"general": {"model": "Mac"}}}
_GENERAL = "mobile_device.general"
FORMAT = Format(
    "jamf_classic",
    "Jamf Pro, Classic API",
    "the key mobile_device",
    rows,
    (
        Key(f"{_GENERAL}.model_identifier", "device.model", identifier),
        Key(f"{_GENERAL}.os_version", "ios.version", version),
        Key(f"{_GENERAL}.cloud_backup_enabled", "backup.switch", when(true="on", false="off")),
        Key(
            f"{_GENERAL}.last_cloud_backup_date_epoch",
            "backup.last_backup",
            backup_date(dates.from_milliseconds),
        ),
        Key(
            f"{_GENERAL}.last_cloud_backup_date_utc",
            "backup.last_backup",
            backup_date(dates.from_text),
        ),
        Key(f"{_GENERAL}.available_mb", "storage.iphone_free_gb", gigabytes(1000)),
        Key(f"{_GENERAL}.supervised", "device.management", when(true="supervised")),
        Key(
            f"{_GENERAL}.supervised",
            "device.management",
            when(false="profile"),
            only_if=is_on(f"{_GENERAL}.managed"),
        ),
        # Without a passcode nothing stays locked after a restart.
        Key(
            "mobile_device.security.passcode_present",
            "lock.unlocked_since_restart",
            when(false="yes"),
        ),
    ),
    identity=(f"{_GENERAL}.serial_number", f"{_GENERAL}.udid"),
    kind=(f"{_GENERAL}.model_identifier", f"{_GENERAL}.model", f"{_GENERAL}.os_type"),
    dated=(
        (f"{_GENERAL}.last_inventory_update_epoch", dates.from_milliseconds),
        (f"{_GENERAL}.last_inventory_update_utc", dates.from_text),
    ),
)
