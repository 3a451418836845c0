"""Microsoft Intune: `iosGeneralDeviceConfiguration` of Microsoft Graph, the policy side.

What it does not block, another policy may, so only what it blocks tells anything.
"""

from __future__ import annotations

from diagnoser.importing.content import Content
from diagnoser.importing.table import Format, Key, Row, objects, when

KEYS = {"iCloudBlockBackup", "iCloudRequireEncryptedBackup", "iCloudBlockManagedAppsSync"}


def rows(content: Content) -> list[Row] | None:
    """The list `value`, or one policy alone, of this type or with keys that only it has."""
    found = [
        row
        for page in objects(content.data)
        for row in objects(page.get("value", page))
        if row.get("@odata.type") == "#microsoft.graph.iosGeneralDeviceConfiguration"
        or row.keys() & KEYS
    ]
    return found or None


FORMAT = Format(
    "intune_configuration",
    "Intune iosGeneralDeviceConfiguration",
    "the key iCloudBlockBackup",
    rows,
    (
        Key("iCloudBlockBackup", "device.backup_rule", when(true="forbidden")),
        Key("accountBlockModification", "device.account_changes", when(true="forbidden")),
        Key(
            "wiFiConnectToAllowedNetworksOnlyForced", "device.wifi_choice", when(true="restricted")
        ),
        Key("wiFiConnectOnlyToConfiguredNetworks", "device.wifi_choice", when(true="restricted")),
        Key("softwareUpdatesForceDelayed", "device.updates", when(true="delayed")),
        Key("hostPairingBlocked", "device.computers", when(true="restricted")),
    ),
    for_all=True,
    supervised=True,
)
