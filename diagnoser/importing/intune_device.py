"""Microsoft Intune: `managedDevice` of Microsoft Graph.

Storage is in bytes; where the whole is 0 it is not known. It has no field for iCloud backups.
"""

from __future__ import annotations

from diagnoser.importing import dates
from diagnoser.importing.content import Content
from diagnoser.importing.table import (
    Format,
    Key,
    Row,
    above_zero,
    gigabytes,
    model,
    objects,
    version,
    when,
)


def rows(content: Content) -> list[Row] | None:
    """The list `value`, or one device alone, with `operatingSystem` and `lastSyncDateTime`."""
    found = [
        row
        for page in objects(content.data)
        for row in objects(page.get("value", page))
        if {"operatingSystem", "lastSyncDateTime"} <= row.keys()
    ]
    return found or None


FORMAT = Format(
    "intune_device",
    "Intune managedDevice",
    "the keys operatingSystem and lastSyncDateTime",
    rows,
    (
        Key("model", "device.model", model),
        Key("osVersion", "ios.version", version),
        Key(
            "freeStorageSpaceInBytes",
            "storage.iphone_free_gb",
            gigabytes(1e9),
            only_if=above_zero("totalStorageSpaceInBytes"),
        ),
        Key("isSupervised", "device.management", when(true="supervised")),
        Key("jailBroken", "device.app_source", lambda value: _jailbroken(value)),
    ),
    identity=("serialNumber", "udid"),
    kind=("model", "operatingSystem"),
    dated=(("lastSyncDateTime", dates.from_text),),
)


def _jailbroken(value: object) -> str | None:
    """Only that it is tells where apps come from."""
    return "jailbroken" if value == "True" else None
