"""Jamf Pro, Classic API: `mobiledevices/id/N` as JSON, or as XML, which it gives unless it is asked
for JSON; alone, or several in a list.

Storage is in megabytes, 1000 to the gigabyte; dates are milliseconds since 1970, and 0 means never.
The API's own lists (`mobiledevices`, and those of groups and searches) have no details.
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnoser.importing import dates
from diagnoser.importing.bounds import Unreadable
from diagnoser.importing.content import Content
from diagnoser.importing.table import (
    Format,
    Key,
    Row,
    backup_date,
    gigabytes,
    identifier,
    is_on,
    not_zero,
    objects,
    version,
    when,
)

LISTS = (
    "mobile_device",
    "mobile_devices",
    "mobile_device_group",
    "advanced_mobile_device_search",
    "computer",
    "computers",
)
"""Keys below which there are devices, or one device; these may stand in each other."""


def rows(content: Content) -> list[Row] | None:
    """What stands below `mobile_device` and the like, or `computer` for a Mac.

    Raises Unreadable where no device has details.
    """
    if not any(name in one for one in objects(content.data) for name in LISTS):
        return None
    found = list(_devices(content.data))
    phones = [one for name, one in found if not name.startswith("computer")]
    if phones and not any(isinstance(part, dict) for one in phones for part in one.values()):
        raise Unreadable(
            "is a list of Jamf Pro without the details of its devices",
            "what mobiledevices/id/N gives for each of them, in files of their own or in one list",
        )
    return [A_MAC if name.startswith("computer") else {"mobile_device": one} for name, one in found]


def _devices(data: object, name: str = "") -> Iterator[tuple[str, Row]]:
    """The devices, each with the key that it stands below."""
    for one in objects(data):
        below = [] if "general" in one else [key for key in LISTS if key in one]
        for key in below:
            yield from _devices(one[key], key)
        if not below and one.keys() - {"size"}:
            yield name, one


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
        Key(
            f"{_GENERAL}.available_mb",
            "storage.iphone_free_gb",
            gigabytes(1000),
            only_if=not_zero(f"{_GENERAL}.capacity_mb"),
        ),
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
