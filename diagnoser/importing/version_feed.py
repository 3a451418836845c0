"""Which iOS there is for which model: Apple's list (gdmf, `v2/pmv`), or SOFA's `ios_data_feed`.

Of both only what lists an iPhone counts, since the list named iOS has watches and televisions too,
and the newest for a model is the highest version that lists it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from diagnoser.importing import dates
from diagnoser.importing.content import Content
from diagnoser.importing.table import Format, Release, Row, Strange, at, objects, version

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def rows(content: Content) -> list[Row] | None:
    """An object with `PublicAssetSets`, or with `OSVersions` and `UpdateHash`."""
    data = content.data
    if isinstance(data, dict) and (
        "PublicAssetSets" in data or {"OSVersions", "UpdateHash"} <= data.keys()
    ):
        return [data]
    return None


def releases(row: Row) -> list[Release]:
    """The versions that the feed names for any iPhone."""
    found = []
    for entry in objects(at(row, "PublicAssetSets.iOS")):
        found += _release(entry, "PostingDate", "PublicAssetSets.iOS.ProductVersion")
    for generation in objects(row.get("OSVersions")):
        for entry in objects(generation.get("Latest")):
            found += _release(entry, "ReleaseDate", "OSVersions.Latest.ProductVersion")
        for entry in objects(generation.get("SecurityReleases")):
            found += _release(entry, "ReleaseDate", "OSVersions.SecurityReleases.ProductVersion")
    return found


def _release(entry: Row, dated: str, key: str) -> list[Release]:
    listed = entry.get("SupportedDevices")
    models = frozenset(
        one.lower()
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, str) and one.startswith("iPhone")
    )
    try:
        number = version(entry.get("ProductVersion"))
    except Strange:
        return []
    return [Release(str(number), _day(entry.get(dated)), models, key)] if models else []


def _day(value: Any) -> datetime | None:
    """The moment of a day, or of a date in ISO 8601."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        except ValueError:
            return None
    return dates.from_text(value)


FORMAT = Format(
    "version_feed",
    "versions of iOS",
    "the key PublicAssetSets, or the keys OSVersions and UpdateHash",
    rows,
    (),
    dated=(("LastCheck", dates.from_text),),
    for_all=True,
    releases=releases,
)
