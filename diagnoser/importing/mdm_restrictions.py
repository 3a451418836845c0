"""The restrictions that are in force, as an iPhone answers to the command Restrictions of Apple's
MDM. What is not in the list is restricted by nobody, or not reported: it tells nothing."""

from __future__ import annotations

from diagnoser.importing.content import Content
from diagnoser.importing.table import Format, Key, Row, objects, when

_IN_FORCE = "GlobalRestrictions.restrictedBool"


def rows(content: Content) -> list[Row] | None:
    """Content with `GlobalRestrictions`, alone or in a list."""
    found = [one for one in objects(content.data) if "GlobalRestrictions" in one]
    return found or None


def _limit(name: str, fact: str, **answers: str) -> Key:
    return Key(f"{_IN_FORCE}.{name}.value", fact, when(**answers))


FORMAT = Format(
    "mdm_restrictions",
    "MDM Restrictions",
    "the key GlobalRestrictions",
    rows,
    (
        _limit("allowCloudBackup", "device.backup_rule", true="allowed", false="forbidden"),
        _limit(
            "allowAccountModification", "device.account_changes", true="allowed", false="forbidden"
        ),
        _limit(
            "forceWiFiToAllowedNetworksOnly",
            "device.wifi_choice",
            true="restricted",
            false="free",
        ),
        _limit("forceWiFiPowerOn", "device.wifi_power", true="forced", false="free"),
        _limit("forceDelayedSoftwareUpdates", "device.updates", true="delayed", false="free"),
        _limit("allowHostPairing", "device.computers", true="free", false="restricted"),
        _limit(
            "forceAutomaticDateAndTime", "device.date_changes", true="forbidden", false="allowed"
        ),
    ),
    identity=("UDID",),
)
