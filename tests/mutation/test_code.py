"""The mutants of the code are named and judged as they should be; `make mutate-code` tries all."""

from __future__ import annotations

import ast
from functools import cached_property

from tests.mutation.code import (
    PACKAGES,
    PROJECT,
    Mutant,
    change,
    justified,
    results,
    scores,
    undecorated,
    unjustified,
)

SHAPE = '''\
class Square:
    side = 3

    @property
    def area(self):
        """Of its surface."""
        return self.side * self.side

    @cached_property
    def around(self):
        return 4 * self.side

    @staticmethod
    def sides():
        return 4
'''
LISTED = """\
    diagnoser.belief.belief.x_unmended__mutmut_3: killed
    diagnoser.planning.greedy.xǁDraftǁ_is_ready__mutmut_1: survived
    diagnoser.planning.greedy.x__help__mutmut_2: no tests
    diagnoser.planning.greedy.x__help__mutmut_3: timeout
"""
SHOWN = """\
# diagnoser.planning.greedy.xǁDraftǁ_is_ready__mutmut_1: survived
--- diagnoser/planning/greedy.py
+++ diagnoser/planning/greedy.py
@@ -1,4 +1,3 @@
 def _is_ready(self, id: str) -> bool:
-    return id not in self.table.before or (
-        self.missing(id) == [id]
-    )
+    return id in self.table.before
"""
CHANGED = (
    "planning.greedy: Draft._is_ready: return id not in self.table.before or ( "
    "self.missing(id) == [id] ) => return id in self.table.before"
)


def test_properties_are_written_as_methods_that_can_be_changed_and_do_what_they_did() -> None:
    source = undecorated(SHAPE)
    [shape] = ast.parse(source).body
    assert isinstance(shape, ast.ClassDef)
    methods = [one for one in shape.body if isinstance(one, ast.FunctionDef)]
    assert {one.name: len(one.decorator_list) for one in methods} == {
        "area": 0,
        "around": 0,
        "sides": 1,
    }

    names: dict[str, type] = {"cached_property": cached_property}
    exec(source, names)
    square = names["Square"]()
    assert (square.area, square.around, square.sides()) == (9, 12, 4)


def test_a_mutant_is_named_by_its_function_and_the_code_before_and_after() -> None:
    killed, ready, private, _ = results(LISTED)

    assert [one.module for one in (killed, ready)] == ["belief.belief", "planning.greedy"]
    assert change(killed, "").startswith("belief.belief: unmended:")
    assert change(ready, SHOWN) == CHANGED
    assert change(private, "").startswith("planning.greedy: _help:")


def test_what_survives_must_be_justified_and_what_is_justified_must_survive() -> None:
    assert unjustified([CHANGED], [CHANGED]) == []
    assert unjustified([CHANGED], []) == [f"{CHANGED}: survives"]
    [needless] = unjustified([], [CHANGED])
    assert "take it out" in needless


def test_three_dots_stand_for_any_code_and_nothing_else_does() -> None:
    assert unjustified([CHANGED], ["planning.greedy: Draft._is_ready: … => return id in …"]) == []
    assert (
        len(unjustified([CHANGED], ["planning.greedy: Draft._is_ready: .* => return id in …"])) == 2
    )


def test_the_score_counts_what_never_ends_as_killed_and_what_no_test_runs_as_alive() -> None:
    table = [line.split() for line in scores(results(LISTED))]

    assert table[1:] == [
        ["belief.belief", "1", "100.0%"],
        ["planning.greedy", "3", "33.3%"],
        ["all", "4", "50.0%"],
    ]


def test_what_is_justified_is_in_the_code_as_it_is() -> None:
    for one in justified():
        module, function, changed = one.split(": ", 2)
        assert module.split(".")[0] in PACKAGES
        file = PROJECT / "diagnoser" / f"{module.replace('.', '/')}.py"
        before, separator, _ = changed.partition(" => ")
        assert separator, one
        code = code_of(file.read_text("utf-8"), function)
        assert all(part.strip() in code for part in before.split("…")), one


def code_of(source: str, function: str) -> str:
    """The code of a function, or of a method such as `Draft.copy`, on one line."""
    body: list[ast.stmt] = ast.parse(source).body
    *classes, name = function.split(".")
    for one in classes:
        body = next(
            found.body for found in body if isinstance(found, ast.ClassDef) and found.name == one
        )
    [found] = [one for one in body if isinstance(one, ast.FunctionDef) and one.name == name]
    lines = (ast.get_source_segment(source, found) or "").splitlines()
    return " ".join(line.strip() for line in lines)


def test_a_mutant_that_was_not_tried_is_not_counted_as_killed() -> None:
    untried = [Mutant("belief.belief", "diagnoser.belief.belief.x_f__mutmut_1", "not checked")]

    assert [*scores(untried)][-1].endswith("0.0%")
