"""Examples of what an explanation says, by `Model.field`: it is of an iPhone whose answers do not
fit together. To make one takes a second, which nobody should wait for the document."""

from __future__ import annotations

from typing import Any

EXPLAINED: dict[str, Any] = {
    "AnswerEffect.labels": ["No"],
    "AnswerEffect.values": ["no"],
    "AnswerEffect.probability": 0.0002,
    "CauseExplained.id": "restore-is-running",
    "CauseExplained.title": "The iPhone is still being restored",
    "CauseExplained.probability": 1.0,
    "CauseExplained.because": (
        "While an iPhone is filled from a backup, it makes no backup of its own. When "
        "the restore has ended, backups start again by themselves."
    ),
    "CauseExplained.guide": 4,
    "Change.becomes": "next-backup-does-not-fit",
    "Change.title": "The next backup does not fit into iCloud",
    "Changes.now": "restore-is-running",
    "Changes.title": "The iPhone is still being restored",
    "Changes.found_single": 10,
    "Changes.found_pairs": 19,
    "Changes.complete": False,
    "Changes.in_words": (
        "10 other answers and 19 pairs of answers would change the first cause. Not "
        "all pairs were tried."
    ),
    "ContradictionExplained.because": [
        "The words of another message were chosen, although the message is one of the usual ones."
    ],
    "ContradictionExplained.ask_again": "backup.message",
    "ContradictionExplained.ask": "What does the iPhone say about the backup?",
    "Decided.words": (
        "“Are apps, music or films still being downloaded?” is “Yes, something is still coming”"
    ),
    "Explanation.case": {
        "backup": {"message": "icloud-storage", "other_message": "being-restored"},
        "tried": {"restart-iphone": "did-not-help"},
    },
    "Explanation.none_of_these": 0.0,
    "FactUsed.fact": "backup.other_message",
    "FactUsed.ask": "Which of these is nearest to what the iPhone says?",
    "FactUsed.value": "being-restored",
    "FactUsed.label": "This iPhone is being restored, and backs up by itself when that is done",
    "Fixes.cause": "restore-is-running",
    "Fixes.title": "The iPhone is still being restored",
    "Fixes.chance": 0.8,
    "Fixes.probability": 1.0,
    "How.commonness": "uncommon",
    "How.prior": 0.003,
    "How.by_evidence": 1.0,
    "How.after_tried": 1.0,
    "How.probability": 1.0,
    "How.in_words": [
        "Before any answer counts, the cause is uncommon: under 1 %.",
        "The answers prove it.",
    ],
    "LeftOutExplained.remedy": "buy-storage",
    "LeftOutExplained.title": "Move to a larger iCloud storage plan",
    "LeftOutExplained.because": "A restore is still running. Let it finish first.",
    "LeftOutExplained.chance": 0.1036,
    "LeftOutExplained.minutes": 106.0,
    "MissingFact.fact": "device.restore",
    "MissingFact.ask": "Is the iPhone still restoring an earlier backup?",
    "MissingFact.effort_minutes": 1.0,
    "MissingFact.settles": False,
    "MissingFact.moves": 0.9998,
    "Moved.what": "strength",
    "Moved.id": "restore-is-running/ios-does-not-say-so",
    "Moved.title": "The iPhone is still being restored",
    "Moved.word": "very strongly against",
    "Moved.instead": "rules out",
    "Moved.becomes": "contact-apple-support",
    "Moved.becomes_title": "Contact Apple Support",
    "OtherAnswer.fact": "storage.room",
    "OtherAnswer.ask": "Does the next backup fit into the iCloud storage that is free?",
    "OtherAnswer.given": (
        "Not enough iCloud storage, or space in iCloud for this iPhone (iPhone Backup Failed)"
    ),
    "OtherAnswer.labels": [
        "No, some storage is free, but the next backup needs more",
        "No, nothing is free, or less than 0.1 GB",
    ],
    "OtherAnswer.values": ["too-little", "none"],
    "PlanExplained.expected_minutes": 138.2,
    "ReadingWithout.fact": "backup.message",
    "ReadingWithout.ask": "What does the iPhone say about the backup?",
    "ReadingWithout.label": (
        "Not enough iCloud storage, or space in iCloud for this iPhone (iPhone Backup Failed)"
    ),
    "ReadingWithout.first_cause": "restore-is-running",
    "ReadingWithout.first_cause_title": "The iPhone is still being restored",
    "ReadingWithout.probability": 1.0,
    "ReadingWithout.first_step": "finish-restore",
    "ReadingWithout.first_step_title": "Let the restore finish",
    "RuleFired.rule": "restore-is-running/notice-says-being-restored",
    "RuleFired.says": "proves",
    "RuleFired.supports": True,
    "RuleFired.because": "iOS itself says that the iPhone is being restored.",
    "RuleFired.ratio": 0.04,
    "RuleFired.counts": True,
    "RuleFired.not_counted": "The cause is settled without it.",
    "RuleFired.source": "https://support.apple.com/102325",
    "RuleFired.worth": "apple",
    "RuleFired.reviewed": "2026-11-23",
    "RuleTrace.rule": "restore-is-running/apps-are-coming",
    "RuleTrace.cause": "restore-is-running",
    "RuleTrace.says": "for",
    "RuleTrace.factor": 0.67,
    "RuleTrace.because": "After a restore the apps download one by one, and now they do.",
    "RuleTrace.when": (
        "“Are apps, music or films still being downloaded?” is “Yes, something is still coming”"
    ),
    "Sensitivity.firm": False,
    "Sensitivity.in_words": (
        "“Contact Apple Support” would come first if any of 2 strengths or priors "
        "moved by one word: restore-is-running/ios-does-not-say-so and "
        "restore-is-running/notice-says-being-restored."
    ),
    "StepExplained.remedy": "finish-restore",
    "StepExplained.title": "Let the restore finish",
    "StepExplained.must": True,
    "StepExplained.hand_over": False,
    "StepExplained.chance": 0.8,
    "StepExplained.minutes": 35.0,
    "StepExplained.fails_before": 1.0,
    "StepExplained.fails_after": 0.2534,
    "StepExplained.because": (
        "“The iPhone is still being restored” is proven, and this can mend it (chance 80 %)."
    ),
    "StepExplained.before_the_next": "What it mends is proven.",
    "Tested.fact": "device.apps_downloading",
    "Tested.ask": "Are apps, music or films still being downloaded?",
    "Tested.needed": "“Yes, something is still coming”",
    "Tested.given": (
        "Not enough iCloud storage, or space in iCloud for this iPhone (iPhone Backup Failed)"
    ),
    "Tested.other": "storage.icloud_free_gb",
    "Tested.holds": False,
    "TriedAlready.remedy": "restart-iphone",
    "TriedAlready.title": "Restart the iPhone",
    "TriedAlready.chance": 0.8,
}
