"""What people say and show: texts that are not blank, and references to evidence."""

from __future__ import annotations

import re

from workflow.slices import Refused

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def said(text: str, code: str, sentence: str, pointer: str = "") -> str:
    """`text` without space around it. Raises Refused for a blank one, which points to `pointer`, or else to the field
    that the last part of `code` names."""
    if not text.strip():
        raise Refused(code, sentence, pointer or code.rpartition(".")[2])
    return text.strip()


def references(evidence: tuple[str, ...], code: str) -> tuple[str, ...]:
    """References to evidence: a text, a link, or the digest of a file (`sha256:` and 64 hexadecimal digits).

    Raises Refused for a blank one, and for a digest that is none.
    """
    found = tuple(said(each, code, "A reference to evidence cannot be blank.", "evidence") for each in evidence)
    for each in found:
        if each.startswith("sha256:") and _DIGEST.fullmatch(each) is None:
            raise Refused(code, "The digest of a file is sha256: and 64 hexadecimal digits.", "evidence")
    return found


def shown(evidence: tuple[str, ...], code: str) -> tuple[str, ...]:
    """The same, where there must be some."""
    if not evidence:
        raise Refused(code, "It takes evidence: at least one reference.", "evidence")
    return references(evidence, code)
