"""Random small knowledge packs as plain data, and random answer sheets for them.

One generator serves both properties (Hypothesis draws how large a pack is, and a seed) and
statistics over thousands of packs.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st

from diagnoser.case.answer_sheet import AnswerSheet
from diagnoser.case.case import Case
from diagnoser.inference.inference import Inference
from diagnoser.knowledge.model import Knowledge
from diagnoser.pack import facts_schema
from diagnoser.pack import schema as shapes
from diagnoser.pack.builtin import built_in
from diagnoser.pack.linker import link
from diagnoser.pack.reader import Content, read_folder
from tests.expand import expand

Data = dict[str, Any]

ANSWERS = ["red", "green", "blue"]
NUMBERS = ["0", "0.5", "1", "2", "3.25", "7", "10"]
VERSIONS = ["1", "8.4", "9", "9.0.1", "9.1", "10", "10.0", "16.4", "30"]
ROWS = [
    {"name": "Alpha", "also": "a-1 A1", "make": "old", "size": "1", "since": "9"},
    {"name": "Beta mark 2", "also": "b-2", "make": "new", "size": "3.25", "since": "9.0.1"},
    {"name": "Gamma", "also": "g-3 G3", "make": "new", "size": "7", "since": "16.4"},
]
TRIED = ["did-not-help", "could-not-do", "helped"]
STRENGTHS = {
    "proves": 1,
    "very strongly for": 0.97,
    "strongly for": 0.9,
    "for": 0.67,
    "slightly for": 0.33,
    "slightly against": -0.33,
    "against": -0.67,
    "strongly against": -0.9,
    "very strongly against": -0.97,
    "rules out": -1,
}
COMMONNESS = {"common": 0.12, "occasional": 0.03, "rare": 0.004}
CHANCES = {"always": 0.95, "usually": 0.8, "often": 0.6, "sometimes": 0.3, "rarely": 0.1}
COMPARISONS = ["below", "at_least", "above", "at_most"]
SAFE_COPY = "r0"


@dataclass(frozen=True)
class Sizes:
    """How large a pack may become; each figure is the most there can be."""

    areas: int = 4
    facts: int = 3
    causes: int = 4
    rules: int = 3
    remedies: int = 4
    contradictions: int = 2
    hand_overs: int = 1
    signs: int = 3


SMALL = Sizes()


@dataclass(frozen=True)
class Pack:
    """A knowledge as the files of a folder give it, and as the program links it.

    `written` is the plain data of the files, with every default filled in; `data` is the same with
    the signs written out as rules of each cause that has them, as `expand` tells.
    """

    written: Data
    data: Data
    knowledge: Knowledge = field(repr=False)
    texts: dict[str, list[str]] = field(repr=False)
    """What a sheet may hold for each fact that can be asked: on, below and above every line."""

    @cached_property
    def answers(self) -> AnswerSheet:
        return AnswerSheet(self.knowledge)

    @cached_property
    def inference(self) -> Inference:
        return Inference(self.knowledge)

    def case(self, sheet: Data) -> Case:
        return self.answers.read(sheet)


def linked(data: Data) -> Pack:
    """The pack for plain data in which nothing is wrong."""

    def complain(file: str, path: tuple[str | int, ...], reason: str, *rest: str) -> None:
        raise AssertionError(f"{file}: {path}: {reason}")

    flat = expand(data)
    return Pack(data, flat, link(content(data), complain), _texts(flat))


def content(data: Data) -> Content:
    """The data as the reader gives it that has read it from files."""
    raw = _as_written(data)
    return Content(
        data["digest"],
        shapes.PackFile.model_validate(raw["pack"]),
        sources=_models(raw["sources"], shapes.SourceDefinition),
        places=_models(raw["places"], facts_schema.PlaceDefinition),
        areas=_models(raw["areas"], facts_schema.AreaFile),
        tables=data["tables"],
        signs=_models(raw["signs"], shapes.SignsFile),
        causes=_models(raw["causes"], shapes.CauseFile),
        cause_areas={id: cause["area"] for id, cause in data["causes"].items()},
        remedies=_models(raw["remedies"], shapes.RemedyFile),
        contradictions=_models(raw["contradictions"], shapes.ContradictionDefinition),
        words=facts_schema.WordsFile.model_validate(data.get("words", {})),
    )


def _models(raw: Data, shape: Any) -> Any:
    return {id: shape.model_validate(one) for id, one in raw.items()}


def plain(content: Content) -> Data:
    """The plain data of what was read from files, with every default filled in."""
    causes = {
        id: _plain(cause) | {"file": content.cause_file(id), "area": content.cause_areas[id]}
        for id, cause in content.causes.items()
    }
    for id, cause in content.causes.items():
        causes[id]["signs"] = {
            says: [one.sign if one.because is None else {one.sign: one.because} for one in named]
            for says, named in cause.signs.items()
        }
    return {
        "digest": content.digest,
        "words": content.words.model_dump(),
        "pack": _plain(content.pack),
        "sources": {id: _plain(one) for id, one in content.sources.items()},
        "places": {id: _plain(one) for id, one in content.places.items()},
        "areas": {
            id: _plain(one) | {"file": f"facts/{id}.yaml"} for id, one in content.areas.items()
        },
        "tables": content.tables,
        "signs": {id: one.model_dump(by_alias=True) for id, one in content.signs.items()},
        "causes": causes,
        "remedies": {
            id: _plain(one) | {"file": f"rules/remedies/{id}.yaml", "area": "remedies"}
            for id, one in content.remedies.items()
        },
        "contradictions": {id: _plain(one) for id, one in content.contradictions.items()},
    }


def _plain(model: Any) -> Data:
    def lines(value: Any) -> Any:
        if isinstance(value, tuple):  # as pydantic gives a line that leads to a place
            return {"go": value[0]}
        if isinstance(value, dict):
            return {key: lines(one) for key, one in value.items()}
        return [lines(one) for one in value] if isinstance(value, list) else value

    found: Data = lines(model.model_dump())
    return found


def built_in_pack() -> Pack:
    """The pack that comes with the program, with its plain data."""
    found, _ = read_folder(built_in())
    return linked(plain(found))


def random_pack(random: Random, sizes: Sizes = SMALL) -> Pack:
    """A pack with facts of all kinds, all forms of rules, and remedies that wait for each other."""
    return linked(random_data(random, sizes))


def random_data(random: Random, sizes: Sizes = SMALL) -> Data:
    areas: Data = {
        f"area{number}": {
            "file": f"facts/area{number}.yaml",
            "title": f"Area {number}",
            "order": random.randint(0, 3),
            "facts": {
                f"fact{place}": _fact(random, number) for place in range(_some(random, sizes.facts))
            },
        }
        for number in range(_some(random, sizes.areas))
    }
    data: Data = {
        "pack": _pack(random),
        "sources": {"generated": {"title": "generated", "worth": "certain"}},
        "places": {},
        "signs": {},
        "areas": areas,
        "tables": {f"table{number}.csv": ROWS for number in range(sizes.areas)},
        "causes": {f"c{number}": {} for number in range(_some(random, sizes.causes))},
        "remedies": {f"r{number}": {} for number in range(random.randint(0, sizes.remedies))},
        "contradictions": {},
        "digest": "0" * 64,
    }
    if not data["remedies"]:
        data["pack"]["safe_copy"] = None
    _add_said_elsewhere(random, data)
    types = types_of(data)
    for area in areas.values():
        for fact in area["facts"].values():
            if random.randint(0, 3) == 0:
                fact["only_if"] = _condition_on_others(random, types, area, fact)
    _add_places(random, data, types)
    _add_signs(random, data, types, sizes)
    for cause in data["causes"]:
        data["causes"][cause] = _cause(random, cause, data, types, sizes)
    ends = list(data["remedies"])[1:]
    hand_overs = set(random.sample(ends, min(len(ends), random.randint(0, sizes.hand_overs))))
    for remedy in data["remedies"]:
        data["remedies"][remedy] = _remedy(random, remedy, data, types, remedy in hand_overs)
    for number in range(random.randint(0, sizes.contradictions)):
        when = condition(random, types)
        data["contradictions"][f"x{number}"] = {
            "when": when,
            "because": "They exclude each other.",
            "ask_again": random.choice(sorted(facts_in(when))),
            "source": ["generated"],
            "reviewed": "2026-01-01",
        }
    return data


def random_sheet(random: Random, pack: Pack, share: int = 60, lists: bool = True) -> Data:
    """An answer sheet for the pack, in which about `share` of 100 facts are known; with `lists` in
    which several answers may be."""
    sheet: Data = {}
    for id, texts in pack.texts.items():
        if random.randint(0, 99) < share:
            area, _, name = id.partition(".")
            fact = pack.data["areas"][area]["facts"][name]
            text: Any = random.choice(texts)
            if lists and fact["several"] and random.randint(0, 1):
                text = random.choice(lists_of(fact))
                random.shuffle(text)
            sheet.setdefault(area, {})[name] = float(text) if fact["number"] else text
    for remedy in pack.data["remedies"]:
        if random.randint(0, 99) < share // 3:
            word = random.choice([TRIED[0]] * 6 + [TRIED[1]] * 2 + [TRIED[2]])
            sheet.setdefault("tried", {})[remedy] = word
    return sheet


def with_thoughts(random: Random, sheet: Data, share: int = 40) -> Data:
    """The sheet in which somebody is not sure of about `share` of 100 answers."""
    return {
        area: {
            name: {"think": answer} if area != "tried" and random.randint(0, 99) < share else answer
            for name, answer in answers.items()
        }
        for area, answers in sheet.items()
    }


def lists_of(fact: Data) -> list[list[str]]:
    """The lists of one or more words that are answers to a fact to which several may be."""
    together = [word for word in fact["answers"] if word not in fact["alone"]]
    sizes = range(1, len(together) + 1)
    found = [list(some) for size in sizes for some in itertools.combinations(together, size)]
    return found + [[word] for word in fact["alone"]]


def _texts(data: Data) -> dict[str, list[str]]:
    constants = [text for when in conditions_in(data) for text in constants_in(when)]
    found = {}
    for area, content in data["areas"].items():
        for name, fact in content["facts"].items():
            if fact["answers"]:
                texts = list(fact["answers"])
            elif fact["number"]:
                low, high = fact["number"]["low"], fact["number"]["high"]
                numbers = [*map(float, fact["typical"]), low, high]
                for text in constants:
                    if text.replace(".", "", 1).isdigit():
                        numbers += [float(text) - 0.01, float(text), float(text) + 0.01]
                texts = [str(number) for number in sorted(set(numbers)) if low <= number <= high]
            elif fact["version"]:
                dotted = [text for text in constants if text.replace(".", "").isdigit()]
                texts = sorted({*fact["typical"], *dotted, *(f"{text}.0" for text in dotted)})
                low, high = fact["version"]["low"], fact["version"]["high"]
                texts = [
                    text
                    for text in texts
                    if low <= int(text.split(".")[0]) <= high and text.count(".") < 4
                ]
            else:
                lookup = fact["lookup"]
                rows = data["tables"][lookup["table"]]
                texts = [row[lookup["name"]] for row in rows]
                texts += [word for row in rows for word in row.get(lookup["also"], "").split()]
                texts += [text.upper() for text in texts]
            found[f"{area}.{name}"] = texts
    return found


def conditions_in(data: Data) -> Iterator[Data]:
    """Every condition that decides something: of rules, bars, contradictions and questions."""
    for cause in data["causes"].values():
        yield from (rule["when"] for rule in cause["rules"].values())
    for remedy in data["remedies"].values():
        yield from (bar["when"] for bar in remedy["not_if"])
    yield from (one["when"] for one in data["contradictions"].values())
    for content in data["areas"].values():
        yield from (fact["only_if"] for fact in content["facts"].values() if fact["only_if"])


def constants_in(when: Data) -> Iterator[str]:
    """Every text in a condition that a fact is compared with."""
    for fact, test in when.items():
        if fact == "any":
            for part in test:
                yield from constants_in(part)
        elif isinstance(test, dict) and "only" in test:
            yield from constants_in({fact: test["only"]})
        elif isinstance(test, dict):
            yield from (against for against in test.values() if not against[0].isalpha())
        else:
            yield from (test if isinstance(test, list) else [test])


def write(data: Data, folder: Path) -> None:
    """Writes the data as the files of a knowledge folder; of a pack, what is `written`."""

    def save(name: str, content: Any) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(_as_written(content)), encoding="utf-8")

    save("rules/pack.yaml", data["pack"])
    save("rules/contradictions.yaml", {"contradictions": data["contradictions"]})
    save("rules/sources.yaml", {"sources": data["sources"]})
    save("facts/places.yaml", {"places": data["places"]})
    save("facts/words.yaml", data.get("words", {}))
    for observation, signs in data["signs"].items():
        save(f"rules/signs/{observation}.yaml", signs)
    for area in data["areas"].values():
        save(area["file"], area)
    for kind in ("causes", "remedies"):
        for content in data[kind].values():
            save(content["file"], content)
    for name, rows in data["tables"].items():
        lines = [",".join(row) for row in [list(rows[0]), *(row.values() for row in rows)]]
        (folder / "facts" / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _as_written(content: Any) -> Any:
    """Plain data in the words of the files: what is not given is left out, and aliases are used."""
    words = {"condition": "if"}
    if isinstance(content, dict) and {"low", "high"} <= content.keys():  # the bounds of a number
        words |= {"low": "from", "high": "to"}
    if isinstance(content, list):
        return [_as_written(one) for one in content]
    if not isinstance(content, dict):
        return content
    file = "file" in content
    return {
        words.get(key, key): _as_written(value)
        for key, value in content.items()
        if value is not None and not (file and key in ("file", "area"))
    }


def randoms() -> st.SearchStrategy[Random]:
    """Sources of chance. Only the seed is drawn: ten times faster than drawing every choice."""
    return st.builds(Random, st.integers(0, 2**32 - 1))


def cases(most: Sizes = SMALL, share: int = 60) -> st.SearchStrategy[tuple[Pack, Data]]:
    """Packs, each with an answer sheet for it; what fails is sought again in smaller packs."""

    def make(sizes: Sizes, random: Random) -> tuple[Pack, Data]:
        pack = random_pack(random, sizes)
        return pack, random_sheet(random, pack, share)

    sizes = st.builds(
        Sizes,
        areas=st.integers(1, most.areas),
        facts=st.integers(1, most.facts),
        causes=st.integers(1, most.causes),
        rules=st.integers(1, most.rules),
        remedies=st.integers(0, most.remedies),
        contradictions=st.integers(0, most.contradictions),
        hand_overs=st.integers(0, most.hand_overs),
        signs=st.integers(0, most.signs),
    )
    return st.builds(make, sizes, randoms())


def thinking_cases(most: Sizes = SMALL, share: int = 60) -> st.SearchStrategy[tuple[Pack, Data]]:
    """The same, where somebody is not sure of some answers."""

    def make(case: tuple[Pack, Data], random: Random) -> tuple[Pack, Data]:
        return case[0], with_thoughts(random, case[1])

    return st.builds(make, cases(most, share), randoms())


def sheets(pack: Pack, share: int = 60) -> st.SearchStrategy[Data]:
    """Answer sheets for a pack."""
    return randoms().map(lambda random: random_sheet(random, pack, share))


def planning(
    random: Random,
    prior: Callable[[Random], float],
    *,
    remedies: tuple[int, int] = (7, 9),
    after: bool = False,
    proven: int = 0,
    nights: float = 0.0,
) -> tuple[Pack, Data]:
    """A pack to plan with, and a sheet that proves some of its causes.

    The remedies mend one to three causes each, and of a share of them, `nights`, only a night shows
    whether they helped; there is somebody to hand over to besides.
    """
    causes = [f"c{number}" for number in range(random.randint(4, 9))]
    priors = {cause: prior(random) for cause in causes}
    data = random_data(random, Sizes(causes=1, rules=1))
    rule = own_rule({}, "proves")
    fact = _fact(random, 0) | {
        "answers": {"red": "Red", "green": "Green"},
        "number": None,
        "version": None,
        "lookup": None,
        "tick": None,
        "unless_answered": [],
        "several": False,
        "alone": [],
        "typical": {"red": 50.0, "green": 50.0},
    }
    data |= {"contradictions": {}, "tables": {}, "remedies": {}, "signs": {}, "places": {}}
    data["pack"] |= {"safe_copy": None, "commonness": priors, "waiting_rate": 0.1}
    data["pack"] |= {"verification": 5.0, "night": 60.0}
    data["pack"] |= {"none_of_these": random.choice([0.01, 0.05, 0.1])}
    area = {"file": "facts/f.yaml", "title": "F", "order": 1}
    data["areas"] = {"f": area | {"facts": dict.fromkeys(causes, fact)}}
    data["causes"] = {
        cause: data["causes"]["c0"]
        | {
            "file": f"rules/causes/things/{cause}.yaml",
            "commonness": cause,
            "signs": {},
            "rules": {"proof": rule | {"when": {f"f.{cause}": "red"}}},
        }
        for cause in causes
    }
    for number in range(random.randint(*remedies)):
        earlier = list(data["remedies"])
        waits = after and earlier and random.randint(0, 2) == 0
        mended = random.sample(causes, random.randint(1, 3))
        data["remedies"][f"r{number}"] = remedy(
            f"r{number}",
            fixes={cause: random.choice(list(CHANCES)) for cause in mended},
            hands_on=random.choice([0.2, 0.5, 1, 2, 5, 10, 15, 30, 60]),
            waiting=random.choice([0, 0, 0, 10, 60, 480]),
            after=[random.choice(earlier)] if waits else [],
            overnight=random.random() < nights,
        )
    data["remedies"]["support"] = remedy("support", hands_on=60, waiting=2880, hand_over=True)
    sheet = {"f": dict.fromkeys(random.sample(causes, proven), "red")}
    return linked(data), sheet


def with_remedies(causes: dict[str, float], remedies: dict[str, Data], **pack: Any) -> Pack:
    """A pack with causes of these probabilities; `f.<cause>: red` proves one."""
    data = planning(Random(0), lambda random: 0.5)[0].data
    cause = next(iter(data["causes"].values()))
    rule = cause["rules"]["proof"]
    fact = next(iter(data["areas"]["f"]["facts"].values()))
    return linked(
        data
        | {
            "pack": data["pack"] | {"commonness": causes, "none_of_these": 0.05} | pack,
            "areas": {"f": data["areas"]["f"] | {"facts": dict.fromkeys(causes, fact)}},
            "causes": {
                id: cause
                | {"commonness": id, "rules": {"proof": rule | {"when": {f"f.{id}": "red"}}}}
                for id in causes
            },
            "remedies": remedies,
        }
    )


# -- the parts of a pack


def _some(random: Random, most: int) -> int:
    return random.randint(1, most)


def _pack(random: Random) -> Data:
    return {
        "id": "generated",
        "version": "1.0.0",
        "title": "A generated pack",
        "strengths": STRENGTHS,
        "worth": {"certain": "proves"},
        "commonness": COMMONNESS,
        "chances": CHANCES,
        "nuisances": {
            "work": {"minutes": 15, "text": "some work", "irreplaceable": False},
            "photos": {"minutes": 60, "text": "all photos", "irreplaceable": True},
            "fee": {"minutes": 30, "text": "a fee", "irreplaceable": False},
        },
        "safe_copy": SAFE_COPY,
        "not_if": [],
        "none_of_these": random.choice([0.01, 0.05, 0.3]),
        "waiting_rate": random.choice([0.0, 0.1, 1.0]),
        "verification": random.choice([0.0, 1.0, 5.0]),
        "night": random.choice([0.0, 20.0, 60.0]),
        "wrong_cause": random.choice([0.0, 10.0]),
        "worth_asking": random.choice([0.0, 1.0]),
        "worth_knowing": random.choice([0.0, 0.05]),
        "patience": 2.0,
        "thinks_so": 0.8,
    }


def _fact(random: Random, area: int) -> Data:
    fact: Data = {
        "ask": "What is it?",
        "place": None,
        "look": [{"condition": None, "do": ["Look at it."]}],
        "effort": random.choice([0.1, 0.5, 2.0]),
        "only_if": None,
        "answers": None,
        "number": None,
        "version": None,
        "lookup": None,
        "tick": None,
        "unless_answered": [],
        "several": False,
        "alone": [],
    }
    kind = random.choice(["answers", "answers", "number", "number", "version", "lookup"])
    if kind == "answers":
        words = ANSWERS[: random.randint(2, 3)]
        fact["answers"] = {word: word.title() for word in words}
        fact["several"] = random.randint(0, 1) == 1
        if fact["several"] and len(words) > 2:
            fact["alone"] = random.sample(words, random.randint(0, 1))
        texts = words
    elif kind == "number":
        fact["number"] = {"unit": "cm", "low": 0.0, "high": 10.0}
        texts = random.sample(NUMBERS, random.randint(1, 4))
    elif kind == "version":
        fact["version"] = {"low": 1, "high": 30}
        texts = random.sample(VERSIONS, random.randint(1, 4))
    else:
        columns = {"make": "word", "size": "number", "since": "version"}
        derived = random.sample(list(columns), random.randint(0, 3))
        # Derived facts are named after their columns, so a second table of an area derives nothing.
        fact["lookup"] = {
            "table": f"table{area}.csv",
            "name": "name",
            "also": "also",
            "derives": {column: columns[column] for column in derived},
        }
        texts = [row["name"] for row in ROWS]
    shares = [random.randint(1, 9) for _ in texts]
    fact["typical"] = {
        text: 100 * share / sum(shares) for text, share in zip(texts, shares, strict=True)
    }
    return fact


def _add_said_elsewhere(random: Random, data: Data) -> None:
    """In about every third pack, some facts are not asked once others are known."""
    facts = {
        f"{area}.{name}": fact
        for area, content in data["areas"].items()
        for name, fact in content["facts"].items()
    }
    if len(facts) < 2 or random.randint(0, 2):
        return
    for id in random.sample(sorted(facts), random.randint(1, len(facts) // 2)):
        others = sorted(facts.keys() - {id})
        facts[id]["unless_answered"] = random.sample(others, min(len(others), 2))


class Together(list[str]):
    """The words of a choice of which several may hold."""


def types_of(data: Data) -> dict[str, list[str] | str]:
    """What each fact can be that a condition may read: the words of a choice, or `number`,
    `version` or `lookup`."""
    types: dict[str, list[str] | str] = {}
    for area, content in data["areas"].items():
        derived: set[str] = set()
        for name, fact in content["facts"].items():
            if fact["lookup"]:
                fact["lookup"]["derives"] = {
                    column: type
                    for column, type in fact["lookup"]["derives"].items()
                    if column not in derived
                }
                derived |= set(fact["lookup"]["derives"])
                types[f"{area}.{name}"] = "lookup"
                for column, type in fact["lookup"]["derives"].items():
                    types[f"{area}.{column}"] = ["new", "old"] if type == "word" else type
            elif fact["answers"]:
                words = list(fact["answers"])
                types[f"{area}.{name}"] = Together(words) if fact["several"] else words
            else:
                types[f"{area}.{name}"] = "number" if fact["number"] else "version"
    return types | {f"tried.{remedy}": TRIED for remedy in data["remedies"]}


def condition(random: Random, types: dict[str, list[str] | str], depth: int = 2) -> Data:
    """A mapping of facts to tests, at times with `any`, of which each part is such a mapping."""
    alternatives = random.randint(0, 2) == 0 and depth > 0
    facts = random.sample(sorted(types), min(len(types), random.randint(1, 2)))
    when: Data = {fact: _test(random, fact, types) for fact in facts}
    if alternatives:
        parts = [condition(random, types, depth - 1) for _ in range(random.randint(2, 3))]
        when = when | {"any": parts} if random.randint(0, 1) else {"any": parts}
    return when


def _test(random: Random, fact: str, types: dict[str, list[str] | str]) -> Any:
    type = types[fact]
    if isinstance(type, list):
        constants = type
    elif type == "lookup":
        constants = [row["name"] for row in ROWS]
    else:
        constants = NUMBERS if type == "number" else VERSIONS
        if random.randint(0, 4):
            others = sorted(other for other in types if types[other] == type)
            words = random.sample(COMPARISONS, random.randint(1, 2))
            return {
                word: random.choice(constants if random.randint(0, 2) else others) for word in words
            }
    if random.randint(0, 1):
        return random.choice(constants)
    some = random.sample(constants, random.randint(1, len(constants)))
    return {"only": some} if isinstance(type, Together) and random.randint(0, 1) else some


def _condition_on_others(
    random: Random, types: dict[str, list[str] | str], area: Data, fact: Data
) -> Data | None:
    name = next(name for name, other in area["facts"].items() if other is fact)
    own = {f"{area['file'][6:-5]}.{name}"}
    others = {id: type for id, type in types.items() if id not in own}
    when = condition(random, others, depth=0) if others else None
    return when if when and not own & facts_in(when) else None


def facts_in(when: Data) -> set[str]:
    """Every fact that a condition reads."""
    found: set[str] = set()
    for key, test in when.items():
        if key == "any":
            found = found.union(*(facts_in(part) for part in test))
        else:
            found.add(key)
            if isinstance(test, dict) and "only" not in test:
                found |= {against for against in test.values() if against[0].isalpha()}
    return found


def _add_places(random: Random, data: Data, types: dict[str, list[str] | str]) -> None:
    """Adds places, at which some of the facts are seen."""
    for number in range(random.randint(0, 2)):
        ways = [{"condition": condition(random, types, depth=0), "do": ["Go there."]}]
        data["places"][f"p{number}"] = {
            "title": f"Place {number}",
            "effort": random.choice([0.0, 0.25, 1.0]),
            "go": [*ways[: random.randint(0, 1)], {"condition": None, "do": ["Go.", "Stop."]}],
        }
    for area in data["areas"].values():
        for fact in area["facts"].values():
            if data["places"] and random.randint(0, 2) == 0:
                fact["place"] = random.choice(sorted(data["places"]))


def _add_signs(random: Random, data: Data, types: dict[str, list[str] | str], sizes: Sizes) -> None:
    """Adds signs that several causes may have, and at times a table of what explains what."""
    common = {"for": "It is seen.", "against": "It is not.", "source": ["generated"]}
    common |= {"reviewed": "2026-01-01"}
    signs = {
        f"s{number}": {"when": condition(random, types), **common, "seen": {}, "unseen": {}}
        for number in range(random.randint(0, sizes.signs))
    }
    explains = {}
    choices = sorted(id for id in types if types[id] == ANSWERS and not _derived(id, data))
    if choices and random.randint(0, 1):
        fact = random.choice(choices)
        answers = {
            word: random.sample([*data["causes"]], random.randint(0, len(data["causes"]) // 2))
            for word in ANSWERS[: random.randint(2, 3)]
        }
        answers["red"] += random.sample(["things"], random.randint(0, 1))
        explains["e"] = {"fact": fact, **common, "answers": answers}
    if signs or explains:
        data["signs"]["seen"] = {"title": "Seen", "signs": signs, "explains": explains}


def _derived(id: str, data: Data) -> bool:
    area, _, name = id.partition(".")
    return name not in data["areas"].get(area, {"facts": {}})["facts"]


def _signs_for(cause: str, data: Data) -> list[str]:
    """The signs that say anything of this cause: not that whose every answer it explains."""
    found = []
    for file in data["signs"].values():
        found += file["signs"]
        for name, table in file["explains"].items():
            if not all(
                cause in causes or "things" in causes for causes in table["answers"].values()
            ):
                found.append(name)
    return found


def own_rule(when: Data, says: str) -> Data:
    """A rule that only one cause has."""
    return {
        "when": when,
        "says": says,
        "because": "It was drawn.",
        "source": ["generated"],
        "reviewed": "2026-01-01",
    }


def _cause(
    random: Random, id: str, data: Data, types: dict[str, list[str] | str], sizes: Sizes
) -> Data:
    """A cause with at least one rule: its own, or what a sign says."""
    number = _some(random, sizes.rules)
    known = _signs_for(id, data)
    named = random.sample(known, random.randint(0, min(len(known), number)))
    signs: dict[str, list[Any]] = {}
    for sign in named:
        mention = {sign: "It is so here."} if random.randint(0, 3) == 0 else sign
        signs.setdefault(random.choice(list(STRENGTHS)), []).append(mention)
    return {
        "file": f"rules/causes/things/{id}.yaml",
        "area": "things",
        "title": f"Cause {id}",
        "because": "It was made up.",
        "guide": None,
        "commonness": random.choice(list(COMMONNESS)),
        "examples": [],
        "signs": signs,
        "rules": {
            f"rule{place}": own_rule(condition(random, types), random.choice(list(STRENGTHS)))
            for place in range(number - len(named))
        },
    }


def _remedy(
    random: Random, id: str, data: Data, types: dict[str, list[str] | str], hand_over: bool
) -> Data:
    earlier = list(data["remedies"])[: list(data["remedies"]).index(id)]
    causes = random.sample(list(data["causes"]), random.randint(0, min(3, len(data["causes"]))))
    loses: list[str] = []
    if random.randint(0, 3) == 0:
        loses = random.sample(["work", "photos"], random.randint(0, 2))
    after: list[str] = []
    if earlier and random.randint(0, 2) == 0:
        after = random.sample(earlier, random.randint(1, min(2, len(earlier))))
    if "photos" in loses and SAFE_COPY not in after:
        if SAFE_COPY in earlier:
            after.append(SAFE_COPY)
        else:
            loses = []
    bars = [
        {"when": condition(random, types, depth=1), "because": f"Reason {number} forbids it."}
        for number in range(random.choice([0, 0, 0, 1, 2]))
    ]
    return remedy(
        id,
        fixes={cause: random.choice(list(CHANCES)) for cause in causes},
        hands_on=random.choice([0, 1, 2, 5, 10, 30, 60]),
        waiting=random.choice([0, 0, 10, 100]),
        money=random.choice([None, None, None, "fee"]),
        loses=loses,
        after=after,
        not_if=bars,
        hand_over=hand_over,
        overnight=bool(causes) and random.randint(0, 2) == 0,
    )


def remedy(
    id: str,
    *,
    fixes: dict[str, str] | None = None,
    hands_on: float = 0,
    waiting: float = 0,
    money: str | None = None,
    loses: list[str] | None = None,
    after: list[str] | None = None,
    not_if: list[Data] | None = None,
    hand_over: bool = False,
    overnight: bool = False,
) -> Data:
    return {
        "file": f"rules/remedies/{id}.yaml",
        "area": "remedies",
        "title": f"Remedy {id}",
        "guide": None,
        "fixes": fixes or {},
        "cost": {
            "hands_on": float(hands_on),
            "waiting": float(waiting),
            "money": money,
            "loses": loses or [],
        },
        "after": after or [],
        "not_if": not_if or [],
        "caveat": None,
        "steps": [{"condition": None, "do": ["Do it."]}],
        "seen": "overnight" if overnight else "at once",
        "check": "It is done.",
        "sources": ["generated"],
        "reviewed": "2026-01-01",
        "hand_over": hand_over,
    }
