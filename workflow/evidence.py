"""What people say and show: texts that are not blank, and references to evidence."""

from __future__ import annotations

import re

from workflow.slices import Refused

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}").fullmatch


def said(text: str, code: str, field: str, sentence: str) -> str:
    """`text` without space around it. Raises Refused(code) for a blank one."""
    if not text.strip():
        raise Refused(code, sentence, field)
    return text.strip()


def references(evidence: tuple[str, ...], code: str) -> tuple[str, ...]:
    """References to evidence: a text, a link, or `sha256:` and 64 hex digits. Raises Refused(code) for what is none."""
    found = tuple(said(each, code, "evidence", "A reference to evidence cannot be blank.") for each in evidence)
    for each in found:
        if each.startswith("sha256:") and _DIGEST(each) is None:
            raise Refused(code, "A digest is written sha256: and 64 hexadecimal digits.", "evidence")
    return found
