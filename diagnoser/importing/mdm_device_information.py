"""What an iPhone answers to the command DeviceInformation of Apple's MDM, as a property list.

Storage is in gigabytes of 1000 MB. It carries no date of its own. What answers is managed.
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
    objects,
    version,
    when,
)


def rows(content: Content) -> list[Row] | None:
    """Content with `QueryResponses`, alone or in a list."""
    found = [one for one in objects(content.data) if isinstance(one.get("QueryResponses"), dict)]
    return found or None


FORMAT = Format(
    "mdm_device_information",
    "MDM DeviceInformation",
    "the key QueryResponses",
    rows,
    (
        Key("QueryResponses.ProductName", "device.model", identifier),
        Key("QueryResponses.OSVersion", "ios.version", version),
        Key("QueryResponses.IsCloudBackupEnabled", "backup.switch", when(true="on", false="off")),
        Key(
            "QueryResponses.LastCloudBackupDate",
            "backup.last_backup",
            backup_date(dates.from_text),
        ),
        Key("QueryResponses.AvailableDeviceCapacity", "storage.iphone_free_gb", gigabytes(1)),
        Key(
            "QueryResponses.IsSupervised",
            "device.management",
            when(true="supervised", false="profile"),
        ),
    ),
    identity=("QueryResponses.SerialNumber", "QueryResponses.UDID", "UDID"),
    kind=("QueryResponses.ProductName", "QueryResponses.ModelName"),
)
