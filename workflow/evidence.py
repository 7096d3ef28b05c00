"""What people say and show: texts that are not blank, and references to evidence."""

from __future__ import annotations

import re

from workflow.slices import Refused

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def said(text: str, code: str, sentence: str) -> str:
    """`text` without space around it. Raises Refused for a blank one; the last part of `code` is the field."""
    if not text.strip():
        raise Refused(code, sentence, code.rpartition(".")[2])
    return text.strip()


def shown(references: tuple[str, ...], thing: str) -> tuple[str, ...]:
    """References to evidence: a text, a link, or the digest of a file (`sha256:` and 64 hexadecimal digits).

    Raises Refused (`thing.evidence`) if there is none, for a blank one, and for a digest that is none.
    """
    if not references:
        raise Refused(f"{thing}.evidence", "It takes evidence: at least one reference.", "evidence")
    found = [said(each, f"{thing}.evidence", "A reference to evidence cannot be blank.") for each in references]
    for each in found:
        if each.startswith("sha256:") and _DIGEST.fullmatch(each) is None:
            sentence = "The digest of a file is sha256: and 64 hexadecimal digits."
            raise Refused(f"{thing}.evidence", sentence, "evidence")
    return tuple(found)
