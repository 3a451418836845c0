"""Jamf Pro, its newer API: `v2/mobile-devices` with the sections `general` and `hardware`.

Storage is in megabytes, 1000 to the gigabyte; dates are ISO 8601.
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
    is_on,
    objects,
    version,
    when,
)


def rows(content: Content) -> list[Row] | None:
    """The `results`, or one of them alone, with `mobileDeviceId`."""
    found = [
        row
        for page in objects(content.data)
        for row in objects(page.get("results", page))
        if "mobileDeviceId" in row
    ]
    return found or None


FORMAT = Format(
    "jamf_v2",
    "Jamf Pro, API v2",
    "the keys results and mobileDeviceId",
    rows,
    (
        Key("hardware.modelIdentifier", "device.model", identifier),
        Key("general.osVersion", "ios.version", version),
        Key("general.cloudBackupEnabled", "backup.switch", when(true="on", false="off")),
        Key("general.lastCloudBackupDate", "backup.last_backup", backup_date(dates.from_text)),
        Key(
            "hardware.availableSpaceMb",
            "storage.iphone_free_gb",
            gigabytes(1000),
            only_if=above_zero("hardware.capacityMb"),
        ),
        Key("general.supervised", "device.management", when(true="supervised")),
        Key(
            "general.supervised",
            "device.management",
            when(false="profile"),
            only_if=is_on("general.managed"),
        ),
        Key("security.passcodePresent", "lock.unlocked_since_restart", when(false="yes")),
    ),
    identity=("hardware.serialNumber", "general.udid"),
    kind=("hardware.modelIdentifier", "hardware.model", "deviceType"),
    dated=(("general.lastInventoryUpdateDate", dates.from_text),),
)
