"""What is read from somebody's own words: the plain things said plainly, and silence otherwise."""

from __future__ import annotations

import random
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from diagnoser import Diagnoser, InvalidText, read_words
from diagnoser.knowledge.model import Knowledge
from diagnoser.knowledge.values import Choice
from diagnoser.pack.builtin import built_in
from diagnoser.pack.loader import read_and_link
from diagnoser.words import english
from diagnoser.words.alternatives import spelled_out
from diagnoser.words.mending import _targets
from diagnoser.words.phrases import _phrases, phrases
from diagnoser.words.reading import LONGEST, read


@cache
def pack() -> Diagnoser:
    return Diagnoser()


def knowledge() -> Knowledge:
    return pack().knowledge


def understood(text: str) -> set[str]:
    """The ids of all that is read from a text."""
    return {one.id for one in read(knowledge(), text)}


PLAIN = {
    "My iPhone says there isn't enough iCloud storage.": {"backup.message=icloud-storage"},
    "The last backup could not be completed": {"backup.message=not-completed"},
    "The last backup couldn't be completed because of poor network connection.": {
        "backup.message=network"
    },
    "No backup since Tuesday.": {"backup.last_backup=within-a-week"},
    "It has not been backed up for ten days": {"backup.last_backup=within-two-weeks"},
    "My last backup was five months ago.": {"backup.last_backup=within-180-days"},
    "No backup for two years!": {"backup.last_backup=older"},
    "It works when I press Back Up Now": {"backup.back_up_now=works"},
    "Back Up Now is greyed out, why?": {"backup.back_up_now=grey"},
    "iCloud Backup is switched off": {"backup.switch=off"},
    "iCloud Backup isn't switched on": {"backup.switch=off"},
    "I switch Wi-Fi off at night": {"wifi.overnight=off"},
    "wifi is off": {"wifi.connection=off"},
    "It's on the charger all night.": {"power.overnight=yes"},
    "It is not plugged in at night.": {"power.overnight=no"},
    "I don't use a VPN": {"network.vpn=off"},
    "NordVPN is connected": {"network.vpn=on"},
    "The backup works without the VPN": {"network.without_vpn=works"},
    "It keeps asking for my Apple ID password": {"account.prompt=password"},
    "auto-lock is set to never": {"lock.auto_lock=never"},
    "I run iOS 18.5 on it": {"ios.version=18.5"},
    "I have an iPhone 12 mini": {"device.model=iPhone 12 mini"},
    "I have 0.4 GB left in iCloud": {"storage.icloud_free_gb=0.4"},
    "300 MB free in iCloud": {"storage.icloud_free_gb=0.3"},
    "I have the 5 GB plan": {"storage.plan=free-5gb"},
    "I pay for two hundred gigs": {"storage.plan=200gb"},
    "the next backup is 7,9 GB": {"storage.next_backup_gb=7.9"},
    "upload speed is 0.8 Mbps": {"network.upload_mbps=0.8"},
    "There is not enough iclod storage": {"backup.message=icloud-storage"},
    "It says not enough iCloud storage, what can I do?": {"backup.message=icloud-storage"},
    "Low Power Mode is on, but the VPN is off.": {"power.low_power_mode=on", "network.vpn=off"},
    "4.7 of 5 GB used": {"storage.icloud_free_gb=0.3", "storage.plan=free-5gb"},
    "iCloud: 150 GB free of 200": {"storage.icloud_free_gb=150", "storage.plan=200gb"},
    "VPN: off, Low Power Mode: on": {"network.vpn=off", "power.low_power_mode=on"},
    "It is on the charger, every night.": {"power.overnight=yes"},
    "Every night I put it on the charger": {"power.overnight=yes"},
    "I charge it in the car, never at night": {"power.overnight=no"},
    "not one backup since I moved in": {"backup.changed=network"},
    "No VPN, no ad blocker, home wifi": {
        "network.vpn=off",
        "network.filter=off",
        "network.kind=home",
    },
    "Restarted, updated, even logged out of Apple and back in": {
        "tried.restart-iphone=did-not-help",
        "tried.sign-out-and-in=did-not-help",
        "tried.update-ios=did-not-help",
    },
    "I tried my brother's Wi-Fi": {
        "tried.try-another-network=did-not-help",
        "network.another_network=fails-too",
    },
    "why is Back Up Now grey": {"backup.back_up_now=grey"},
    'Why does it say "there is not enough iCloud storage"?': {"backup.message=icloud-storage"},
    '"The last backup could not be completed. Connect to a Wi-Fi network." What do I do?': {
        "backup.message=not-completed",
        "backup.message=network",
    },
    "What does 'This iPhone has not been backed up for 31 days' mean?": {
        "backup.message=other",
        "backup.other_message=not-backed-up",
        "backup.last_backup=within-180-days",
    },
    "My iPhone 14 Plus won't back up, it is on iOS 17": {
        "device.model=iPhone 14 Plus",
        "ios.version=17",
    },
    "It is a 13 mini running iOS 26.1": {"device.model=iPhone 13 mini", "ios.version=26.1"},
    "My new iPhone 17 gets hot": {
        "device.model=iPhone 17",
        "backup.changed=new-iphone",
        "device.temperature=hot",
    },
    "The last backup: never": {"backup.last_backup=never"},
    "Our IT has forbidden iCloud Backup": {"device.backup_rule=forbidden"},
    "It stops at 80% every time": {"backup.back_up_now=fails-midway"},
    "VPN is on all day, Wi-Fi is off on purpose": {"network.vpn=on", "wifi.connection=off"},
    "Restarting did not help": {"tried.restart-iphone=did-not-help"},
    "No backup for more than two weeks": {"backup.last_backup=within-180-days"},
    "My daughter's iPhone does not back up. She charges it overnight.": {"power.overnight=yes"},
    "She restarted the router. Her phone is supervised.": {
        "tried.restart-router=did-not-help",
        "device.management=supervised",
    },
    "I moved from my old iPhone 8. The VPN is on.": {"network.vpn=on"},
    "I moved from an iPhone 8 to an iPhone 15 Pro": {"backup.changed=new-iphone"},
    "iPhone 13 with 2 SIM cards, not an iPhone 14": {"device.model=iPhone 13"},
    "VPN: no, low power mode: yes": {"network.vpn=off", "power.low_power_mode=on"},
    "since the 26.2 update it does not back up": {"backup.changed=ios", "ios.version=26.2"},
    "It is five years old, an iPhone 12": {"device.model=iPhone 12"},
    "I tried another cable, rebooted, no luck": {
        "tried.change-cable=did-not-help",
        "tried.restart-iphone=did-not-help",
    },
    "I went from fifty gigs to two terabytes": {
        "storage.plan=2tb",
        "tried.buy-storage=did-not-help",
    },
}

SILENT = [
    "",
    "?!",
    "Hello, my phone does not do what I want.",
    "My wife's iPad backs up fine.",
    "My wife has an iPad. It is plugged in overnight.",
    "My daughter says the VPN is on. It is always on.",
    "Everybody told me the iCloud storage is full",
    "before the update the VPN was on",
    "Before the update, it works by hand.",
    "It worked before the update",
    "Last year Wi-Fi was off at night",
    "I used to switch Wi-Fi off at night",
    "I don't think it is the Wi-Fi",
    "I don't think iCloud Backup is off.",
    "I doubt that the VPN is on and low power mode is on",
    "is it the storage?",
    "Is iCloud Backup switched on?",
    "Should Wi-Fi be on at night",
    "Why should Wi-Fi be off at night",
    "why not switch the VPN off?",
    "why would the iCloud storage be full",
    "The iCloud storage is full, isn't it?",
    "iCloud Backup is switched off, maybe.",
    "If the Wi-Fi is off it does not work",
    "No, the iCloud storage is not full.",
    "iCloud Backup isn't off.",
    "VPN is no longer on",
    "Neither the VPN is on nor the Wi-Fi is off",
    "The VPN is on or low power mode is on",
    "I turned Wi-Fi off and on again.",
    "It isn't plugged in and charging overnight.",
    "The last backup is on my computer",
    "The backup is on hold",
    "The VPN is on only at work",
    "I have had an iPhone 12 months",
    "Should I update to iOS 26.1?",
    "iOS 26.1 is offered",
    "No backup for two weeks",
    "No backup for half a year",
    "the VPN is on. the VPN is off.",
    "No backup since the 3rd",
    "the last backup is from 14 March",
    "6 of 5 GB used",
    "It restarted during the night",
    "I should have restarted it",
    "Did you restart it?",
    "My son restarted his phone",
    "the switch for the office is on",
    "It's not the VPN.",
    "it isn't the wifi, and that isn't our router",
    "The last backup is not in the list",
    "It never backs up by itself",
    "I don't have an iPhone 13",
    "It could be updated to iOS 26",
    'Does it say "There is not enough iCloud storage"?',
    "Instagram keeps asking me to sign in",
    "My WhatsApp backup is stuck at 80%",
    "They said sign out and sign in again.",
    "My wife's iPhone isn't on iOS 17, mine is. Her VPN is on.",
    "My backup failed last night",
    "it says backup failed",
    "The next backup uses a lot of space",
    "My son works at a company",
    "I have a 2.4 GHz wifi in the bedroom",
    "it does what it does at 80 percent",
    "the account was locked",
    "it began when I installed the latest update",
    "the backup did not complete",
    "iCloud Backup is off. I turned it on just now.",
    "There is not enough space on the iPhone to install the update.",
    "the backup failed cos there is no wifi",
    "The guy in the shop says that the cable is broken.",
    'He asked: "Is the iCloud storage full on your phone?"',
]

AS_OF = date(2026, 11, 30)
DATED = {
    "No backup since the 3rd": "within-180-days",
    "No backup since the third.": "within-180-days",
    "last backup: 26 November": "within-a-week",
    "Last backup was on November 20th": "within-two-weeks",
    "the last backup is from 14 March 2026": "older",
    "last backup 2026-11-20": "within-two-weeks",
    "no backup since October": "within-180-days",
    "the last backup was on the 31st": "within-180-days",
}


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_said_plainly_is_understood(text: str) -> None:
    assert understood(text) == PLAIN[text]


@pytest.mark.parametrize("text", SILENT)
def test_a_guess_a_question_another_time_or_another_phone_says_nothing(text: str) -> None:
    assert understood(text) == set()


@pytest.mark.parametrize("text", DATED)
def test_a_date_is_read_where_the_day_is_known_on_which_it_was_written(text: str) -> None:
    found = {one.id for one in read(knowledge(), text, AS_OF)}

    assert found == {f"backup.last_backup={DATED[text]}"}
    assert understood(text) == set()


@given(st.text("0123456789 stndrhofe-./", max_size=20), st.dates())
def test_any_date_is_read_without_a_traceback(text: str, as_of: date) -> None:
    read(knowledge(), f"no backup since the {text} march {text}", as_of)


@given(st.integers(0, 60), st.sampled_from(["5 GB", "50 GB", "200 GB"]))
def test_what_a_share_leaves_free_is_never_more_than_the_whole(used: int, total: str) -> None:
    found = {one.fact: one.answer for one in read(knowledge(), f"{used} GB of {total} used")}

    whole = int(total.split()[0])
    left = whole - used
    assert found.get("storage.icloud_free_gb") == (left if left >= 0 else None)


def test_a_proposal_names_the_words_that_it_rests_on() -> None:
    text = "Hello. By the way, the VPN  is on."
    [one] = read(knowledge(), text)

    assert one.words.quoted == text[one.words.start : one.words.end] == "VPN  is on"
    assert one.label == "Yes, a VPN is connected or a proxy is set"
    assert one.score == 1


def test_a_slip_and_a_word_between_cost_some_of_the_score() -> None:
    [slip] = read(knowledge(), "not enough iclod storage")
    [between] = read(knowledge(), "the switch for iCloud Backup there below is grey")

    assert (slip.score, between.score) == (0.9, 0.9)


def test_two_answers_of_a_fact_that_may_hold_together_are_both_proposed() -> None:
    text = "It says not enough iCloud storage. Now it says another backup is running."

    assert understood(text) == {"backup.message=icloud-storage", "backup.message=busy"}


# -- every phrase of the pack

SAID = [
    (fact.id, answer, spelled.replace(" &", "").removesuffix("."))
    for fact in knowledge().facts.values()
    for answer, text in fact.said
    if isinstance(fact.kind, Choice) and "{" not in text
    for spelled in spelled_out(text)[:: max(len(spelled_out(text)) - 1, 1)]
]
"""The first and the last that each phrase stands for."""
TEMPLATES = [
    "I don't think that {}.",
    "I doubt whether {}.",
    "Maybe {}.",
    "{}, perhaps.",
    "If {}, then it runs.",
    "It is not true that {}",
    "Nobody can say that {}",
    "Is it because {}?",
    "{}, isn't it?",
    "{}?",
    "Before the last summer, {}.",
    "My neighbour told me that {}",
    "On my wife's iPad {}",
    "I used to say {}",
    "How can I know whether {}",
    "Not true: {}",
    "{}; that was long ago.",
    "{} no longer.",
    "{} until yesterday",
    "{} before, but now all is well",
    "{}? No.",
    "Apple support wrote: {}",
    "On my old phone {}",
    "My sister's iPhone says that {}",
    "I want to know if {}.",
    "Neither {} nor anything else",
    "{} was what I read in a forum",
    "It would be bad that {}",
]


def test_each_phrase_says_its_answer() -> None:
    assert [one for one in SAID if f"{one[0]}={one[1]}" not in understood(one[2])] == []


@given(st.sampled_from(SAID), st.sampled_from(TEMPLATES))
def test_no_phrase_is_found_where_it_is_denied_doubted_asked_or_said_of_another_time_or_phone(
    said: tuple[str, str, str], template: str
) -> None:
    fact, answer, text = said
    known = knowledge()
    shared = {one.word for one in phrases(known).spoken.read(template)}.intersection(
        one.word for one in phrases(known).spoken.read(text)
    )
    # A phrase of another device may be found where that is named, as "before" one with "before".
    assume(shared.isdisjoint(english.OTHERS | english.TIMES))

    assert f"{fact}={answer}" not in understood(template.format(text))


def test_nothing_of_a_text_is_kept() -> None:
    read(knowledge(), "the VPN is on")
    caches = [_phrases, _targets]
    before = [one.cache_info().currsize for one in caches]
    for number in range(20):
        read(knowledge(), f"Wi-Fi {number} is off and my storge is {number} GB")

    assert [one.cache_info().currsize for one in caches] == before


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_traceback(text: str) -> None:
    for one in read_words(pack(), text.encode(errors="ignore").decode()).proposals:
        assert (
            one.words.quoted
            == text.encode(errors="ignore").decode()[one.words.start : one.words.end]
        )


WORDS = sorted({word for _, _, text in SAID for word in text.split()} | english.KNOWN)


@given(st.lists(st.sampled_from([*WORDS, ",", ".", "?", "not", "5 GB", "3 weeks"]), max_size=60))
def test_any_words_of_the_pack_give_answers_that_the_facts_have(words: list[str]) -> None:
    reading = read_words(pack(), " ".join(words))

    pack().sheet.read(reading.facts())
    assert len({one.id for one in reading.proposals}) == len(reading.proposals)


@pytest.mark.parametrize(
    "text",
    ["x" * 100_000, "the VPN is on. " * 10_000, "\ud800", b"the VPN is on", None, 7],
    ids=["a long word", "a long text", "half a character", "bytes", "nothing", "a number"],
)
def test_what_is_no_text_of_a_few_sentences_is_refused(text: object) -> None:
    with pytest.raises(InvalidText, match=f"allowed: at most {LONGEST:,} characters"):
        read(knowledge(), text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[31mthe VPN is on\x07",
        "\u202ethe VPN is on\u202c",
        "the\u00a0VPN\u00a0is\u00a0on",
        "ｔｈｅ ＶＰＮ ｉｓ ｏｎ",
        "THE VPN IS ON",
        "השעון. the VPN is on. تم",
    ],
)
def test_marks_that_a_terminal_would_obey_and_other_scripts_do_no_harm(text: str) -> None:
    assert understood(text) == {"network.vpn=on"}


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_files_and_of_what_they_say_of_facts_tells_nothing(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diagnoser.pack import reader
    from diagnoser.pack.files import Folder

    text = " ".join(PLAIN)
    before = read_words(pack(), text).model_dump_json()
    names = Folder.names

    def shuffled(folder: Folder) -> list[str]:
        found = list(names(folder))
        random.Random(seed).shuffle(found)
        return found

    monkeypatch.setattr(Folder, "names", shuffled)
    monkeypatch.setattr(reader, "digest", lambda *_: "")
    again, _, _ = read_and_link(Path(built_in()), [])

    assert [one.model_dump_json() for one in read(again, text)] == [
        one.model_dump_json() for one in read(knowledge(), text)
    ]
    assert before == read_words(pack(), text).model_dump_json()
