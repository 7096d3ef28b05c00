"""What a charter says of cases: what one is known by, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from workflow.charter.terms import Text


class CaseRule(msgspec.Struct, frozen=True, kw_only=True):
    """`[cases]`: of a case only a reference is known, all of which matches `reference`, a regular expression. Teams and
    hearings know it by the same one; so nothing else of a case gets in, and what is about one case is found."""

    reference: Text

    def matches(self, reference: str) -> bool:
        return re.fullmatch(self.reference, reference) is not None


def flaws_of_cases(rule: CaseRule) -> Iterator[tuple[str, str, str]]:
    try:
        re.compile(rule.reference)
    except re.error as error:
        yield "reference", f'"{rule.reference}" ({error})', "a regular expression"
