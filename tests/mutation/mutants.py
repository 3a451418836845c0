"""Every mutant of a pack: the pack with one small mistake in it, such as a strength that is one
word too strong."""

from __future__ import annotations

from collections.abc import Iterator

from tests.mutation.mutant import Mutant, Original
from tests.mutation.of_causes import of_causes, of_rules, of_signs
from tests.mutation.of_remedies import of_bars, of_remedies
from tests.mutation.of_the_pack import of_numbers, of_preconditions, of_questions

MAKERS = (of_signs, of_rules, of_causes, of_remedies, of_bars, of_preconditions, of_questions)
"""What makes the mutants of each part of a pack but its numbers, for which it is linked anew."""


def mutants(pack: Original) -> Iterator[Mutant]:
    """Every mutant, those of signs, causes, remedies and of the whole pack one after the other."""
    for make in (*MAKERS, of_numbers):
        yield from make(pack)
