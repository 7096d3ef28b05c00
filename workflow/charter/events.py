"""What happened to the charter: its text became known, and from a date on it is in force."""

from __future__ import annotations

from datetime import date

from workflow.ids import CharterId
from workflow.slices import Event


class CharterPublished(Event):
    """The whole text of a charter. `digest` is `sha256:` and hex of the text's UTF-8 bytes."""

    TOPIC = "charter.published"
    charter: CharterId
    version: str
    digest: str
    text: str


class CharterAdopted(Event):
    """From `effective` on the charter with this digest is in force, until another is.

    Kept apart from the text: every decision that asks which rules are in force reads these, and they are small.
    """

    TOPIC = "charter.adopted"
    charter: CharterId
    version: str
    digest: str
    effective: date
