"""What keys do not mean: the traps of each format, and what becomes of several sources."""

from __future__ import annotations

import json
import plistlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnoser import Diagnoser, DiagnoserError, InvalidFacts
from diagnoser.importing import Imported, ImportedCase, dates, read
from tests.importing.golden import AS_OF, SAMPLES, imported, sample


def mdm(**keys: Any) -> tuple[str, bytes]:
    """An answer to DeviceInformation."""
    return "mdm.plist", plistlib.dumps({"QueryResponses": {"ProductName": "iPhone13,2", **keys}})


def jamf(**general: Any) -> tuple[str, bytes]:
    device = {"model_identifier": "iPhone13,2", **general}
    return "jamf.json", json.dumps({"mobile_device": {"general": device}}).encode()


def xml(name: str, value: Any) -> str:
    """What Jamf Pro writes as JSON, as it writes it as XML."""
    if isinstance(value, list):
        return "".join(xml(name, one) for one in value)
    inner = (
        "".join(xml(key, one) for key, one in value.items())
        if isinstance(value, dict)
        else escape(value if isinstance(value, str) else json.dumps(value))
    )
    return f"<{name}>{inner}</{name}>"


def status(*events: str, name: str = "iCloud Backup") -> tuple[str, bytes]:
    """Apple's status with events of these states."""
    lines = [{"serviceName": name, "events": [{"eventStatus": one} for one in events]}]
    return "status.json", json.dumps({"services": lines}).encode()


def feed(*versions: tuple[str, str], checked: str = "") -> tuple[str, bytes]:
    """A feed with versions for an iPhone 12, and when each came out."""
    releases = [
        {
            "ProductVersion": version,
            "ReleaseDate": f"{day}T00:00:00Z",
            "SupportedDevices": ["iPhone13,2"],
        }
        for version, day in versions
    ]
    data = {"UpdateHash": "", "OSVersions": [{"SecurityReleases": releases}], "LastCheck": checked}
    return "sofa.json", json.dumps(data).encode()


def only(found: Imported) -> ImportedCase:
    assert not found.refused
    (case,) = found.cases
    return case


def fact(case: ImportedCase, id: str) -> Any:
    area, _, name = id.partition(".")
    return case.facts.get(area, {}).get(name)


class TestWhatIsNotReported:
    def test_a_switch_that_is_not_reported_is_not_off(self, diagnoser: Diagnoser) -> None:
        case = only(read(diagnoser, [mdm(OSVersion="26.1")], as_of=AS_OF))
        assert case.facts == {"ios": {"version": "26.1"}, "device": {"model": "iPhone 12"}}

    def test_no_date_of_a_backup_is_not_never(self, diagnoser: Diagnoser) -> None:
        for value in (None, ""):
            case = only(read(diagnoser, [jamf(last_cloud_backup_date_utc=value)], as_of=AS_OF))
            assert fact(case, "backup.last_backup") is None

    def test_a_backup_to_a_computer_is_none_to_icloud(self, diagnoser: Diagnoser) -> None:
        case = only(read(diagnoser, [jamf(last_backup_time_epoch=1793322764000)], as_of=AS_OF))
        assert fact(case, "backup.last_backup") is None

    def test_a_restriction_that_is_not_listed_tells_nothing(self, diagnoser: Diagnoser) -> None:
        restrictions = plistlib.dumps({"GlobalRestrictions": {"restrictedBool": {}}})
        assert only(read(diagnoser, [("r.plist", restrictions)])).facts == {}

    def test_a_policy_that_blocks_nothing_allows_nothing(self, diagnoser: Diagnoser) -> None:
        assert only(read(diagnoser, [("p.json", b'{"iCloudBlockBackup": false}')])).facts == {}

    def test_the_default_delay_of_updates_is_no_delay(self, diagnoser: Diagnoser) -> None:
        case = only(imported(diagnoser, "mdm_restrictions.plist"))
        assert fact(case, "device.updates") is None

    @pytest.mark.parametrize("key", ["BatteryIsCharging", "ExternalConnected", "FullyCharged"])
    @pytest.mark.parametrize("value", [True, False])
    def test_power_while_a_computer_reads_tells_nothing_of_the_nights(
        self, key: str, value: bool, diagnoser: Diagnoser
    ) -> None:
        data = json.dumps({"BatteryCurrentCapacity": 87, key: value}).encode()
        assert only(read(diagnoser, [("battery.json", data)])).facts == {}

    def test_an_account_for_the_store_is_not_that_for_icloud(self, diagnoser: Diagnoser) -> None:
        case = only(read(diagnoser, [mdm(iTunesStoreAccountIsActive=False)]))
        assert "account" not in case.facts

    def test_a_phone_that_gives_a_hotspot_does_not_use_one(self, diagnoser: Diagnoser) -> None:
        case = only(read(diagnoser, [mdm(PersonalHotspotEnabled=True, IsNetworkTethered=True)]))
        assert "network" not in case.facts

    def test_no_space_of_no_space_is_not_full(self, diagnoser: Diagnoser) -> None:
        first = imported(diagnoser, "intune_device.json").cases[0]
        assert fact(first, "storage.iphone_free_gb") is None


class TestUnits:
    def test_a_gigabyte_is_a_thousand_megabytes(self, diagnoser: Diagnoser) -> None:
        case = only(read(diagnoser, [jamf(available_mb=1000)]))
        assert fact(case, "storage.iphone_free_gb") == 1

    def test_what_ios_could_clear_away_is_not_free(self, diagnoser: Diagnoser) -> None:
        data = b"AmountDataAvailable: 4000000000\nTotalDataAvailable: 160000000000\n"
        assert fact(only(read(diagnoser, [("d.txt", data)])), "storage.iphone_free_gb") == 4

    def test_space_that_no_iphone_has_is_left_out_and_said(self, diagnoser: Diagnoser) -> None:
        case = only(read(diagnoser, [mdm(AvailableDeviceCapacity=99999.0)]))
        assert fact(case, "storage.iphone_free_gb") is None
        assert "storage.iphone_free_gb" in case.notes[0]

    @pytest.mark.parametrize("value", [-1, "many", True, [], "1e3"])
    def test_a_strange_value_is_left_out_and_not_repeated(
        self, value: Any, diagnoser: Diagnoser
    ) -> None:
        case = only(read(diagnoser, [jamf(available_mb=value)]))
        path = "mobile_device.general.available_mb"
        assert case.notes == [f"jamf.json ({path}) has a value that is not understood."]

    def test_no_space_of_no_space_is_not_full(self, diagnoser: Diagnoser) -> None:
        for capacity, free in ((0, None), ("0", None), (64000, 0), (None, 0)):
            case = only(read(diagnoser, [jamf(available_mb=0, capacity_mb=capacity)]))
            assert fact(case, "storage.iphone_free_gb") == free


class TestFormsOfAFormat:
    """The same in JSON and XML, in XML and binary property lists, alone and in lists."""

    @pytest.mark.parametrize("path", [one for one in SAMPLES if one.suffix == ".plist"])
    def test_a_property_list_tells_the_same_in_binary(
        self, path: Path, diagnoser: Diagnoser
    ) -> None:
        content = plistlib.loads(path.read_bytes())
        found = [
            read(diagnoser, [("x", plistlib.dumps(content, fmt=form))], as_of=AS_OF).json_text()
            for form in (plistlib.FMT_XML, plistlib.FMT_BINARY)
        ]
        assert found[0] == found[1]
        assert '"refused": []' in found[0]

    def test_comments_before_it_do_not_matter(self, diagnoser: Diagnoser) -> None:
        name, raw = mdm(OSVersion="26.1")
        raw = raw.replace(b"<plist", b"<!-- <html> <mobile_device> -->\n<plist", 1)
        assert fact(only(read(diagnoser, [(name, raw)])), "ios.version") == "26.1"

    def test_a_device_tells_the_same_in_xml(self, diagnoser: Diagnoser) -> None:
        device = json.loads(sample("jamf_classic.json"))["mobile_device"]
        whole = f'<?xml version="1.0" encoding="UTF-8"?>{xml("mobile_device", device)}'
        for encoding in ("utf-8", "utf-8-sig", "utf-16"):
            assert read(diagnoser, [("x", whole.encode(encoding))]) == read(
                diagnoser, [("x", sample("jamf_classic.json"))]
            )

    @pytest.mark.parametrize("number", [1, 2, 3])
    def test_a_list_tells_the_same_in_every_form(self, number: int, diagnoser: Diagnoser) -> None:
        versions = [f"26.{n + 1}" for n in range(number)]
        devices = [{"general": {"serial_number": f"S{one}", "os_version": one}} for one in versions]
        forms = [
            json.dumps({"mobile_devices": devices}),
            json.dumps([{"mobile_device": one} for one in devices]),
            json.dumps({"mobile_devices": [{"mobile_device": one} for one in devices]}),
            json.dumps({"mobile_devices": {"size": number, "mobile_device": devices}}),
            xml("mobile_devices", {"size": number, "mobile_device": devices}),
            xml("mobile_devices", {"mobile_device": devices}).replace("><", ">\n  <"),
        ]
        wanted, *others = [read(diagnoser, [("x", one.encode())]) for one in forms]
        assert [fact(case, "ios.version") for case in wanted.cases] == versions
        assert all(one == wanted for one in others)

    LISTED: ClassVar = {
        "id": 7,
        "name": "Marie's Phone",
        "udid": "00008110-0MADEUP0002",
        "serial_number": "MADEUPSER002",
        "managed": True,
        "supervised": True,
        "model": "iPhone 12",
        "model_identifier": "iPhone13,2",
        "username": "marie.exempel",
    }

    @pytest.mark.parametrize(
        "around", ["", "mobile_device_group", "advanced_mobile_device_search"], ids=str
    )
    @pytest.mark.parametrize("number", [1, 2])
    def test_a_list_without_details_is_refused_with_the_call_that_gives_them(
        self, around: str, number: int, diagnoser: Diagnoser
    ) -> None:
        devices = [self.LISTED] * number
        as_json: dict[str, Any] = {"mobile_devices": devices}
        as_xml = xml("mobile_devices", {"size": number, "mobile_device": devices})
        if around:
            as_json = {around: {"id": 1, "name": "Marie", **as_json}}
            as_xml = f"<{around}><id>1</id>{as_xml}</{around}>"
        for raw in (json.dumps(as_json), as_xml):
            found = read(diagnoser, [("x", raw.encode())])
            assert not found.cases
            assert [str(one) for one in found.refused] == [
                "x: is a list of Jamf Pro without the details of its devices (allowed: what"
                " mobiledevices/id/N gives for each of them, in files of their own or in one list)"
            ]

    def test_an_empty_list_has_no_devices(self, diagnoser: Diagnoser) -> None:
        for raw in (b'{"mobile_devices": []}', b"<mobile_devices><size>0</size></mobile_devices>"):
            found = read(diagnoser, [("x", raw)])
            assert (found.cases, found.refused) == ([], [])
            assert (found.read[0].devices, found.read[0].notes) == (
                0,
                ["Nothing in it tells a fact."],
            )

    def test_one_section_of_a_device_is_enough(self, diagnoser: Diagnoser) -> None:
        raw = xml("mobile_device", {"security": {"passcode_present": False}}).encode()
        assert fact(only(read(diagnoser, [("x", raw)])), "lock.unlocked_since_restart") == "yes"

    def test_computers_of_jamf_are_set_aside_in_their_rows(self, diagnoser: Diagnoser) -> None:
        mac = {"general": {"id": 3, "name": "Marie's Mac"}}
        for raw in (xml("computer", mac), xml("computers", {"size": 1, "computer": {"id": 3}})):
            found = read(diagnoser, [("x", raw.encode())])
            assert [(one.device, one.kind) for one in found.set_aside] == [("row 1 of x", "Mac")]
        rows = [{"computer": mac}, {"mobile_device": {"general": {"os_version": "26.1"}}}]
        found = read(diagnoser, [("x", json.dumps(rows).encode())])
        assert [one.device for one in found.cases] == ["row 2 of x"]

    def test_xml_with_words_of_another_format_is_none_of_its_files(
        self, diagnoser: Diagnoser
    ) -> None:
        found = read(diagnoser, [("x", b"<ProductType>iPhone13,2</ProductType>")])
        assert "is in none of the formats" in found.refused[0].reason


class TestDates:
    def test_lockdown_counts_seconds_from_2001(self, diagnoser: Diagnoser) -> None:
        data = b"LastCloudBackupDate: 769034247\n"
        for day, answer in (("2025-05-16", "within-a-day"), ("2025-05-17", "within-a-week")):
            found = read(diagnoser, [("b.txt", data)], as_of=date.fromisoformat(day))
            assert fact(only(found), "backup.last_backup") == answer

    @pytest.mark.parametrize(
        "file",
        [
            jamf(last_cloud_backup_date_epoch=0),
            mdm(LastCloudBackupDate=datetime(1970, 1, 1)),
            ("b.txt", b"LastCloudBackupDate: 0\n"),
        ],
    )
    def test_moment_0_means_never(self, file: tuple[str, bytes], diagnoser: Diagnoser) -> None:
        assert fact(only(read(diagnoser, [file])), "backup.last_backup") == "never"

    def test_a_backup_before_there_was_icloud_is_not_understood(self, diagnoser: Diagnoser) -> None:
        case = only(read(diagnoser, [jamf(last_cloud_backup_date_epoch=1793322764)], as_of=AS_OF))
        assert "backup" not in case.facts
        assert "not understood" in case.notes[0]

    def test_without_a_day_to_count_from_the_age_is_left_out_and_said(
        self, diagnoser: Diagnoser
    ) -> None:
        case = only(imported(diagnoser, "mdm_device_information.plist", as_of=None))
        assert fact(case, "backup.last_backup") is None
        assert fact(case, "backup.switch") == "on"
        assert any("no day is given to count from" in note for note in case.notes)

    def test_without_a_day_the_report_s_own_counts_and_that_is_said(
        self, diagnoser: Diagnoser
    ) -> None:
        case = imported(diagnoser, "simplemdm.json", as_of=None).cases[0]
        assert fact(case, "backup.last_backup") == "within-a-day"
        assert any("counted to 2026-11-03" in note for note in case.notes)

    def test_an_old_report_says_how_old_it_is(self, diagnoser: Diagnoser) -> None:
        first = imported(diagnoser, "intune_device.json").cases[0]
        assert "What intune_device.json says is 34 days old (2026-10-01)." in first.notes

    def test_a_backup_in_the_future_is_left_out_and_said(self, diagnoser: Diagnoser) -> None:
        file = mdm(LastCloudBackupDate=datetime(2027, 1, 1))
        case = only(read(diagnoser, [file], as_of=AS_OF))
        assert "backup" not in case.facts
        assert "2027-01-01" in case.notes[0]

    @given(st.integers(0, 400 * 86400))
    def test_the_longer_ago_the_older_and_each_line_belongs_to_the_younger(self, age: int) -> None:
        now = datetime(2026, 11, 4, 12, tzinfo=UTC)
        limits = [1, 7, 14, 180]
        answers = ["within-a-day", "within-a-week", "within-two-weeks", "within-180-days", "older"]
        wanted = answers[sum(age > limit * 86400 for limit in limits)]
        assert dates.last_backup(now - timedelta(seconds=age), now) == wanted

    @given(st.datetimes(datetime(2012, 1, 1), datetime(2037, 1, 1), timezones=st.timezones()))
    def test_a_moment_is_the_same_however_it_is_written(self, moment: datetime) -> None:
        whole = moment.replace(microsecond=0).astimezone(UTC)
        seconds = whole.timestamp()
        if not float(seconds).is_integer():  # odd offsets of old
            return
        assert dates.from_text(whole.isoformat()) == whole
        assert dates.from_seconds(str(int(seconds))) == whole
        assert dates.from_milliseconds(int(seconds) * 1000) == whole
        assert dates.from_cocoa(int(seconds) - 978307200) == whole


class TestSeveralFilesOfADevice:
    def test_the_newer_report_counts_and_both_are_shown(self, diagnoser: Diagnoser) -> None:
        old, new = (
            (
                f"{name}.json",
                jamf(serial_number="S1", cloud_backup_enabled=on, last_inventory_update_epoch=when)[
                    1
                ],
            )
            for name, on, when in (("old", True, 1790000000000), ("new", False, 1793700000000))
        )
        for files in ([old, new], [new, old]):
            case = only(read(diagnoser, files))
            assert fact(case, "backup.switch") == "off"
            assert case.provenance["backup.switch"].file == "new.json"
            (note,) = case.notes
            assert "new.json" in note
            assert "counts, as it is newer" in note
            assert "old.json" in note

    def test_where_it_is_not_known_which_is_newer_none_counts(self, diagnoser: Diagnoser) -> None:
        files = [mdm(UDID="U1", IsCloudBackupEnabled=on) for on in (True, False)]
        case = only(read(diagnoser, files))
        assert fact(case, "backup.switch") is None
        assert "left out" in case.notes[0]

    def test_what_the_person_said_counts_and_the_file_is_shown(self, diagnoser: Diagnoser) -> None:
        said = {"backup": {"switch": "grey"}}
        case = only(read(diagnoser, [mdm(IsCloudBackupEnabled=True)], given=said))
        assert fact(case, "backup.switch") == "grey"
        assert "backup.switch" not in case.provenance
        assert "what was given counts; mdm.plist" in case.notes[0]

    def test_of_backups_that_were_made_the_latest_is_the_last(self, diagnoser: Diagnoser) -> None:
        early, late = (
            mdm(UDID="U1", LastCloudBackupDate=datetime(2026, 11, day)) for day in (1, 4)
        )
        for files in ([early, late], [late, early]):
            case = only(read(diagnoser, files, as_of=AS_OF))
            assert fact(case, "backup.last_backup") == "within-a-day"

    def test_rounded_space_is_no_conflict(self, diagnoser: Diagnoser) -> None:
        files = [mdm(UDID="U1", AvailableDeviceCapacity=space) for space in (21.437, 21.4)]
        assert only(read(diagnoser, files)).notes == []

    def test_a_name_and_an_identifier_are_the_same_model(self, diagnoser: Diagnoser) -> None:
        intune = {
            "operatingSystem": "iOS",
            "lastSyncDateTime": "",
            "model": "iPhone 12",
            "udid": "U1",
        }
        files = [mdm(UDID="U1"), ("intune.json", json.dumps(intune).encode())]
        case = only(read(diagnoser, files))
        assert fact(case, "device.model") == "iPhone 12"
        assert not case.notes

    def test_a_row_with_two_names_joins_what_each_of_them_told(self, diagnoser: Diagnoser) -> None:
        files = [
            mdm(SerialNumber="S1", OSVersion="26.1"),
            mdm(UDID="U1", IsCloudBackupEnabled=True),
            mdm(SerialNumber="s1 ", UDID="U1", IsSupervised=True),
        ]
        assert len(only(read(diagnoser, files)).provenance) == 4

    @pytest.mark.parametrize(
        "name", ["", " ", "Unknown", "N/A", "0", "0000000000", "not available"]
    )
    def test_rows_without_a_name_are_cases_of_their_own(
        self, name: str, diagnoser: Diagnoser
    ) -> None:
        found = read(diagnoser, [mdm(SerialNumber=name), mdm(SerialNumber=name)])
        assert len(found.cases) == 2

    def test_the_files_of_one_iphone_share_their_date(self, diagnoser: Diagnoser) -> None:
        names = ["ideviceinfo_backup.txt", "ideviceinfo_device.txt", "ideviceinfo_disk_usage.plist"]
        case = only(imported(diagnoser, *names, as_of=None))
        assert fact(case, "backup.last_backup") == "within-a-week"
        assert fact(case, "storage.iphone_free_gb") == 40.064

    def test_two_backups_that_name_no_device_are_two_cases(self, diagnoser: Diagnoser) -> None:
        names = ["ideviceinfo_backup.txt", "ideviceinfo_backup.txt", "ideviceinfo_device.txt"]
        found = imported(diagnoser, *names)
        assert len(found.cases) == 3
        assert sum("a case of its own" in note for case in found.cases for note in case.notes) == 2

    def test_the_restrictions_of_an_ipad_are_set_aside_with_it(self, diagnoser: Diagnoser) -> None:
        restrictions = plistlib.dumps(
            {
                "UDID": "U9",
                "GlobalRestrictions": {"restrictedBool": {"allowCloudBackup": {"value": False}}},
            }
        )
        files = [("r.plist", restrictions), mdm(UDID="U9", ProductName="iPad12,1")]
        found = read(diagnoser, files)
        assert not found.cases
        assert [(one.device, one.kind) for one in found.set_aside] == [("row 1 of r.plist", "iPad")]


class TestFeeds:
    @pytest.mark.parametrize("state", ["resolved", "completed", "upcoming"])
    def test_what_is_not_going_on_is_green(self, state: str, diagnoser: Diagnoser) -> None:
        case = only(read(diagnoser, [status(state)]))
        assert fact(case, "service.status") == "green"

    def test_one_event_that_goes_on_is_enough(self, diagnoser: Diagnoser) -> None:
        case = only(read(diagnoser, [status("resolved", "ongoing")]))
        assert fact(case, "service.status") == "not-green"

    def test_an_event_in_an_unknown_state_leaves_it_open(self, diagnoser: Diagnoser) -> None:
        assert only(read(diagnoser, [status("investigating")])).facts == {}

    def test_other_services_tell_nothing(self, diagnoser: Diagnoser) -> None:
        found = read(diagnoser, [status("ongoing", name="App Store Connect - API")])
        assert only(found).facts == {}
        assert found.read[0].notes[-1] == "Nothing in it tells a fact."

    def test_jsonp_is_json_whatever_its_function_is_called(self, diagnoser: Diagnoser) -> None:
        plain = status("ongoing")[1]
        for wrapped in (b"jsonCallback(%s);", b"a.b_c$1 ( %s )\n", b"\xef\xbb\xbfcb(%s)"):
            case = only(read(diagnoser, [("s.js", wrapped % plain)]))
            assert fact(case, "service.status") == "not-green"

    def test_script_that_is_no_call_is_refused_and_not_run(self, diagnoser: Diagnoser) -> None:
        for text in (b"cb(1+1);", b"cb({})({});", b"(function(){})();", b"cb({}); alert(1)"):
            found = read(diagnoser, [("s.js", text)])
            assert len(found.refused) == 1

    def has(
        self, diagnoser: Diagnoser, version: str, *versions: tuple[str, str], **more: Any
    ) -> Any:
        files = [jamf(os_version=version, supervised=False, managed=True, **more.pop("jamf", {}))]
        found = read(diagnoser, [*files, feed(*versions, **more)], as_of=AS_OF)
        return fact(only(found), "ios.update_offered")

    def test_a_newer_ios_is_offered_where_nobody_can_hold_it_back(
        self, diagnoser: Diagnoser
    ) -> None:
        assert self.has(diagnoser, "26.1", ("26.2", "2026-11-01")) == "yes"

    def test_a_supervised_iphone_may_be_kept_from_it_for_90_days(
        self, diagnoser: Diagnoser
    ) -> None:
        supervised = {"supervised": True}
        for day, wanted in (("2026-08-06", "yes"), ("2026-08-07", None)):
            file = jamf(os_version="26.1", **supervised)
            case = only(read(diagnoser, [file, feed(("26.2", day))], as_of=AS_OF))
            assert fact(case, "ios.update_offered") == wanted
            assert any("26.2" in note for note in case.notes)

    def test_an_ios_that_is_not_out_yet_is_not_offered(self, diagnoser: Diagnoser) -> None:
        assert self.has(diagnoser, "26.1", ("26.2", "2026-11-05")) is None

    def test_10_is_newer_than_9(self, diagnoser: Diagnoser) -> None:
        assert self.has(diagnoser, "18.7.9", ("18.7.10", "2026-08-01")) == "yes"

    def test_none_is_offered_only_if_the_feed_is_of_the_day(self, diagnoser: Diagnoser) -> None:
        newest = ("26.2", "2026-10-01")
        assert self.has(diagnoser, "26.2", newest, checked="2026-11-04T06:00:00Z") == "no"
        assert self.has(diagnoser, "26.2", newest, checked="2026-10-20T06:00:00Z") is None
        assert self.has(diagnoser, "26.2", newest) is None
        assert self.has(diagnoser, "26.3", newest, checked="2026-11-04T06:00:00Z") is None

    def test_a_feed_that_does_not_know_the_model_tells_nothing(self, diagnoser: Diagnoser) -> None:
        other = {"model_identifier": "iPhone11,8"}
        assert self.has(diagnoser, "26.1", ("26.2", "2026-01-01"), jamf=other) is None


class TestNames:
    def test_a_hash_is_the_same_for_a_device_in_any_file(self, diagnoser: Diagnoser) -> None:
        salt = b"a salt of 16 byte"
        one, other = (
            only(read(diagnoser, [mdm(SerialNumber=text)], salt=salt)).device
            for text in ("SERIAL1", " serial1")
        )
        assert one == other
        assert one.startswith("device ")
        assert "SERIAL1" not in one

    def test_the_serial_number_counts_whichever_file_comes_first(
        self, diagnoser: Diagnoser
    ) -> None:
        files = [mdm(UDID="A1"), mdm(UDID="A1", SerialNumber="SERIAL1")]
        names = {
            only(read(diagnoser, some, salt=b"a" * 16)).device
            for some in (files, files[::-1], [mdm(SerialNumber="SERIAL1")])
        }
        assert len(names) == 1

    def test_another_salt_gives_another_hash(self, diagnoser: Diagnoser) -> None:
        file = mdm(SerialNumber="SERIAL1")
        one, other = (
            only(read(diagnoser, [file], salt=salt)).device for salt in (b"a" * 16, b"b" * 16)
        )
        assert one != other

    def test_a_short_salt_is_refused(self, diagnoser: Diagnoser) -> None:
        with pytest.raises(DiagnoserError, match="16 bytes"):
            read(diagnoser, [], salt=b"short")

    def test_a_device_without_a_name_keeps_its_row(self, diagnoser: Diagnoser) -> None:
        assert only(read(diagnoser, [mdm()], salt=b"a" * 16)).device == "row 1 of mdm.plist"


def test_facts_that_are_given_are_checked(diagnoser: Diagnoser) -> None:
    with pytest.raises(InvalidFacts):
        read(diagnoser, [mdm()], given={"backup": {"switch": "maybe"}})


def test_an_unknown_format_is_refused_with_those_that_are_known(diagnoser: Diagnoser) -> None:
    with pytest.raises(DiagnoserError, match="allowed: mdm_device_information"):
        read(diagnoser, [mdm()], format="jamf")


def test_a_file_in_another_format_than_was_said_is_refused(diagnoser: Diagnoser) -> None:
    found = read(diagnoser, [mdm(), jamf()], format="jamf_classic")
    assert [one.file for one in found.read] == ["jamf.json"]
    assert found.refused[0].reason.endswith("it lacks the key mobile_device")


def test_a_mac_of_jamf_is_set_aside(diagnoser: Diagnoser) -> None:
    found = read(diagnoser, [("mac.json", b'{"computer": {"general": {"name": "X"}}}')])
    assert [one.kind for one in found.set_aside] == ["Mac"]


@pytest.mark.parametrize("system", ["Linux", "chromeOS", "Android", "Windows", "iPadOS", "Tizen"])
def test_another_system_than_ios_is_set_aside(system: str, diagnoser: Diagnoser) -> None:
    row = {"operatingSystem": system, "lastSyncDateTime": "", "osVersion": "15.1", "model": "X"}
    found = read(diagnoser, [("x.json", json.dumps(row).encode())])
    assert not found.cases
    assert len(found.set_aside) == 1


def test_what_was_said_of_ios_counts_for_the_feed_too(diagnoser: Diagnoser) -> None:
    files = [jamf(os_version="26.1", supervised=False, managed=True), feed(("26.2", "2026-10-01"))]
    for version, offered in (("26.1", "yes"), ("26.2", None), ("unknown", None)):
        found = read(diagnoser, files, as_of=AS_OF, given={"ios": {"version": version}})
        assert fact(only(found), "ios.update_offered") == offered


def test_ten_thousand_devices_take_seconds(diagnoser: Diagnoser) -> None:
    rows = [{"QueryResponses": {"UDID": str(n), "OSVersion": "26.1"}} for n in range(10_000)]
    found = read(diagnoser, [("many.json", json.dumps(rows).encode())])
    assert len(found.cases) == 10_000


def test_a_knowledge_without_such_facts_says_so() -> None:
    coffee = Diagnoser("tests/coffee")
    case = only(read(coffee, [("jamf.json", sample("jamf_classic.json"))]))
    assert case.facts == {}
    assert any("no fact backup.switch" in note for note in case.notes)
