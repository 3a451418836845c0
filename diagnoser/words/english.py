"""The words of English that tell what a clause is about: whether it states something, of this
phone, and now. What a pack adds to them stands in its facts/words.yaml.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NOT = "not"
"""Stands for every word that denies."""
AFTER_ON = _words("day time times purpose")
"""Words after which an "is on" is said all the same: "is on all day"."""
STATES = {"on": "on", "off": "off", "yes": "on", "no": "off"}
"""What a note ends with that says of something only whether it is on."""
BEFORE_OFF = _words("to it them back of straight right")
"""Words after which "on" or "off" belongs to another verb: "jumps back to off"."""
NEVER = "never"
"""The word among them that denies more than the others."""
NOBODY = _words("nobody neither nor none")
"""Those that deny whatever follows in the sentence."""
DENYING = (NOT, NEVER)
"""What stands for a denial in a phrase."""
NEGATORS = _words("no not never without neither nor none nobody cannot")

DEPARTMENT = "IT"
"""A word in capitals that is another one in small letters."""
ELISIONS = {"'re": "are", "'ve": "have", "'m": "am", "'ll": "will", "'d": "would"}
"""Ends of words that stand for a word of their own."""
BEFORE_IS = _words("it that there here he she who what where how everything")
"""Words after which `'s` is a verb; after others it tells whose something is."""
WITHOUT_APOSTROPHE = _words(
    "isnt arent wasnt werent doesnt dont didnt hasnt havent hadnt wont wouldnt cant couldnt"
    " shouldnt aint"
)
KEPT = _words("was were had could would should")
"""What is left of these with their denial; of other verbs only the denial is."""

FILLERS = _words(
    "a an the my our mine this that these those it its i im ive me myself we us you there here"
    " and is are am be been being has have having do does did of to so very really quite just"
    " still also even always simply completely totally entirely absolutely already now well too"
    " though either all any some can get gets got gotten currently please actually honestly"
    " basically constantly keeps kept keep as with for at only fine great okay by-the-way"
    " as-well no-help lol haha tho btw pls plz thx thanks sorry sir madam ugh argh"
)
"""What may stand between the words of a phrase, or be missing, without another meaning."""

BREAKS = _words(
    "and but or nor so because while whereas although though however yet when then which who"
    " whose plus also except"
)
"""Words that begin another clause."""
CONTRASTS = _words("but however although though yet whereas while")
"""Those after which a doubt or a question does not hold any more."""

LEADING = _words("since after")
"""Words with which something begins that another part of the clause follows."""
MEANWHILE = _words("when while")
"""Those that tell when something was."""

VERBS = _words(
    "not is are am was were has have had do does did be says say said shows show showed gets get"
    " got wants want keeps keep asks ask stays stay stopped stops fails failed fail works worked"
    " work runs ran run went goes go comes came lies lie charges charge uses use tells told looks"
    " look made makes make turned switched moved set changed bought installed updated upgraded got"
    " put see hear know think need needs"
    " cannot can will would could should must may might ended"
)
"""Verbs that tell a whole clause from the rest of an enumeration."""

AS_AS = _words("soon far long well much same such twice as")
"""Words before an "as" that begins no clause of its own."""
SUBJECTS = _words("i it we you he she they there this that the my our")
OPENERS = _words("so and well but ok okay hi hello then now also please")
"""What may stand before the first word that counts."""
SAYS = "says"
SAYING = _words("say says saying said show shows showing shown displays displaying states")
"""Verbs after which a message is quoted, and the one that is put there where none stands."""
WHY = "why"
"""What asks for the reason of something that is so."""
ASKING = _words("what why how which who whose whom")
TURNED_ROUND = _words(
    "is are am do does did can could should shall will would has have was were may might"
)
"""Verbs that ask when they stand before their subject."""

DOUBTS = _words(
    "if unless whether maybe perhaps probably possibly presumably supposedly apparently allegedly"
    " might may could would should must shall ought guess think thought believe assume assumed"
    " suspect suspected suppose supposed wonder wondering doubt sure unsure certain expect hope"
    " imagine feel idea told tell heard read somebody someone everybody everyone"
    " anybody anyone people guy technician shop salesman assistant article blog"
    " forum friend neighbour neighbor support hotline unlikely true correct"
    " impossible likely theory example instance ruled verify check want"
    " need needs going will wanted planning how-to"
)
"""Words that make what follows in the sentence a guess, hearsay, a condition, a wish or a plan."""
ATTEMPTS = _words("try tried tries trying")
"""Words that make their own clause an attempt."""
TRYING = ATTEMPTS | _words("had was were again back first other another")
"""Words that do not make it say less that something was tried."""

TIMES = _words(
    "will before until till previously formerly earlier originally once used-to in-the-past"
    " last-time at-first was were had tomorrow tonight soon later next last-year last-summer"
    " last-winter last-spring last-autumn last-month ago again back off-and-on first"
    " elsewhere abroad holiday vacation travelling traveling night nights overnight morning"
    " evening"
)
"""Words that tell of another time than now."""

WEAK = _words(
    "nothing hardly barely rarely seldom scarcely instead rather unlike except excluded fail fails"
    " failed refuse refuses refused unable stop stops stopped far almost nearly half partly"
    " sometimes occasionally otherwise forget forgets forgot forgotten deleted removed cancelled"
    " canceled gone missing lost compared disappears disappeared vanished avoid"
    " expensive cost costs"
)
"""Words that turn or weaken what is said beside them."""
DISMISSED = _words("wrong false untrue incorrect mistaken nonsense rubbish")
"""Words that take back what is said beside or before them."""
WHOLE = _words("always every each completely entirely fully totally only just necessarily exactly")
"""Words that a denial turns into "in part": what is not always so may still be so."""

OTHERS = _words(
    "wife husband partner girlfriend boyfriend son daughter kid kids child children mother father"
    " mum mom dad parents brother sister niece nephew aunt uncle cousin grandmother grandfather"
    " grandma grandpa colleague colleagues coworker flatmate roommate boss teacher her his their"
    " theirs hers he she they him them other another second old previous"
)
"""Words that tell of somebody or something else."""
WHICH_OF_SEVERAL = _words("other another second old previous")
"""Those among them that tell only which one of several is meant."""
THIRD_PERSON = _words("he she they him her his their them")
SEVERAL = _words("they them their")
"""Those that may be other people than the one person who is spoken of."""
REPORTED = _words("customer user client caller employee cust")
"""Words of a helpdesk for the person whose phone it is, after which the third person is theirs."""
TURNING = (_words("turned switched put set"), _words("on off"))
"""Words before and after an "it" that somebody changed: "I turned it on"."""
BLAMED = (_words("it that this problem cause reason"), _words("the my our"))
"""Words before and after a denial that says what is not to blame: "it is not the Wi-Fi"."""
POINTING = _words("it its that this there those these he she they him her his their them here")
"""Words that point back to what the clause before is about."""
OWN = _words("my mine i im ive our we")
"""Words that lead back to the person's own phone."""
FAILING = _words("fails failed fail failing stopped stops stop trouble problem stuck refuses")
"""Words that tell of trouble, besides a denial."""
AS_WELL = _words("either neither too also both same as-well")
"""Words by which what is said of somebody is said of another, too."""

NOT_HAD = _words(
    "from than old previous before other another second available offered offers offering offer"
    " released latest newest upcoming install installing download downloading need needs requires"
    " case cover charger cable box manual price can could"
)
"""Words beside which a name or a version is not that of this phone."""

TOGETHER = (
    (NOT, "do not", "does not", "is not", "are not", "am not", "has not", "have not", "will not",
     "can not"),
    ("due-to", "because of", "due to", "on account of"),
    ("off-and-on", "on and off", "off and on", "in and out", "out and in", "out and back in",
     "off and back on", "on and back off"),
    ("repeatedly", "again and again", "over and over", "over and over again", "time and again"),
    ("used-to", "used to"),
    ("in-the-past", "in the past", "back then", "in former times"),
    ("last-time", "last time"),
    ("last-year", "last year"),
    ("last-month", "last month"),
    ("last-summer", "last summer"),
    ("last-winter", "last winter"),
    ("last-spring", "last spring"),
    ("last-autumn", "last autumn", "last fall"),
    ("at-first", "at first"),
    ("how-to", "how to"),
    ("have-to", "have to", "had to", "has to"),
    ("by-the-way", "by the way", "if that matters", "if it matters", "if that helps",
     "if it helps", "in case it helps", "in case that helps", "before you ask",
     "if that makes a difference", "in case it matters"),
    ("beside", "next to"),
    ("as-well", "as well"),
    ("because", "cos", "coz", "cuz", "bc"),
    ("and", "n"),
    ("years-old", "years old", "year old"),
    (WHY, "how come"),
    ("no-help", "does not help", "do not help", "not help", "not helped", "made not difference",
     "makes not difference", "make not difference", "not difference", "not make a difference",
     "not success", "not luck", "not effect", "not joy", "to not avail", "in vain",
     "not improvement", "not fix it", "not solve it", "did nothing", "changed nothing"),
)  # fmt: skip
"""Words that mean one thing together: what they are called here, and how they are written, with
"not" for each word that denies."""

_UNDER_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBERS = dict(
    [("couple", 2)]
    + [(name, number) for number, name in enumerate(_UNDER_TWENTY.split())]
    + [(name, 10 * number) for number, name in enumerate(_TENS.split(), start=2)]
)

_MONTHS = "january february march april may june july august september october november december"
MONTHS = dict(
    [(name, number) for number, name in enumerate(_MONTHS.split(), start=1)]
    + [(name[:3], number) for number, name in enumerate(_MONTHS.split(), start=1)]
    + [("sept", 9)]
)
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
ORDINALS = {name: number for number, name in enumerate(_ORDINALS.split(), start=1)}
FEASTS = {"christmas": (12, 25), "xmas": (12, 25)}
"""Month and day of days that have a name."""
ABOUT: tuple[tuple[str, ...], ...] = (
    ("about",), ("around",), ("roughly",), ("approximately",), ("circa",),
)  # fmt: skip
MORE_THAN: tuple[tuple[str, ...], ...] = (("more", "than"), ("over",), ("at", "least"))
"""What may stand before a number."""
OF_A_WHOLE = _words("of out my the our its")
"""Words between a part and the whole: "4.7 GB out of my 5"."""
FREE = _words("free left available remaining unused")
OF_STORAGE = FREE | _words("used full taken occupied gone")
"""What a share may be of: what is free, or what is used."""
MEGABYTES = {"MB": 1, "GB": 1000, "TB": 1_000_000}

DAYS = _words("monday tuesday wednesday thursday friday saturday sunday weekend")

UNITS = {
    "kb": "kB", "kilobyte": "kB", "mb": "MB", "megabyte": "MB", "meg": "MB",
    "gb": "GB", "gig": "GB", "gigabyte": "GB", "tb": "TB", "terabyte": "TB",
    "kbps": "kbit/s", "mbps": "Mbit/s", "gbps": "Gbit/s", "mbit": "Mbit/s",
    "megabit": "Mbit/s",
}  # fmt: skip
"""Units as people write them, without the s at their end."""

COUNTED = _words("ghz mhz hour hours minute minutes second seconds percent star stars times")
"""Words after a number with a point that make it no version."""
SPANS = {"day": (1, 0), "week": (7, 3), "month": (30, 12), "year": (365, 120)}
"""Days that a span of time has, and how many it may be off when people say it."""
FEW = {"day": (2, 6), "week": (15, 60), "month": (60, 150)}
"""Days that "a few" or "several" of them are."""

BEFORE_AMOUNTS = frozenset().union(
    NUMBERS,
    MONTHS,
    FEASTS,
    (words[0] for words in ABOUT + MORE_THAN),
    (f"{unit}s" for unit in FEW),
    _words("a an few several since last on in from the"),
)
"""Words with which an amount, a span of time or a date may begin."""

KNOWN = frozenset().union(
    ATTEMPTS,
    NEGATORS,
    FILLERS,
    BREAKS,
    VERBS,
    OPENERS,
    ASKING,
    DOUBTS,
    TIMES,
    WEAK,
    DISMISSED,
    OTHERS,
    NOT_HAD,
    DAYS,
)
"""Words that are no slips."""


def is_filler(word: str) -> bool:
    """Whether a word may stand between those of a phrase without another meaning; adverbs may."""
    return word in FILLERS or (word.endswith("ly") and word not in KNOWN)
