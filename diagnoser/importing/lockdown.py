"""What an iPhone tells a computer over USB, whichever tool writes it down.

Storage is in bytes, `LastCloudBackupDate` in seconds since 2001. `AmountDataAvailable` is what the
person sees as free; `TotalDataAvailable` counts what iOS could clear away too. That power is
connected while a computer reads it tells nothing of the nights, nor does the lock.
"""

from __future__ import annotations

from diagnoser.importing import dates
from diagnoser.importing.table import (
    Key,
    Row,
    backup_date,
    gigabytes,
    identifier,
    version,
    when,
)

DOMAINS = {
    "backup": {"CloudBackupEnabled", "LastCloudBackupDate", "LastCloudBackupTZ"},
    "battery": {"BatteryCurrentCapacity", "BatteryIsCharging", "ExternalConnected"},
    "disk usage": {"AmountDataAvailable", "TotalDataAvailable", "TotalDiskCapacity"},
    "device": {"ProductType", "ProductVersion", "DeviceClass"},
}
"""Keys by which the domains of lockdown are known."""
NEEDS = "keys of lockdown, such as CloudBackupEnabled, AmountDataAvailable or ProductType"
TABLE = (
    Key("ProductType", "device.model", identifier),
    Key("ProductVersion", "ios.version", version),
    Key("CloudBackupEnabled", "backup.switch", when(true="on", false="off")),
    Key("LastCloudBackupDate", "backup.last_backup", backup_date(dates.from_cocoa)),
    Key("AmountDataAvailable", "storage.iphone_free_gb", gigabytes(1e9)),
)
IDENTITY = ("SerialNumber", "UniqueDeviceID")
KIND = ("ProductType", "DeviceClass")
DATED = (("TimeIntervalSince1970", dates.from_seconds),)


def is_lockdown(data: object) -> bool:
    """Whether it is one object with keys of lockdown."""
    return isinstance(data, dict) and bool(domains(data))


def domains(row: Row) -> set[str]:
    """The domains that a report is from."""
    return {name for name, keys in DOMAINS.items() if keys & row.keys()}
