"""Putting a charter in force: the charter itself, and the indicators it defines, all or nothing."""

from __future__ import annotations

from datetime import date

from eventsourcing.dcb.api import DCBQuery, DCBQueryItem
from msgspec.structs import replace

from api.wiring import Resonance
from workflow.charter import Charter, digest
from workflow.charter.adoption import AdoptCharter
from workflow.charter.events import CharterAdopted
from workflow.charter.library import by_digest, learn
from workflow.entry import read_envelope
from workflow.ids import IndicatorId
from workflow.indicators.commands import AdoptIndicator, AmendIndicator, RetireIndicator
from workflow.indicators.definitions import definition_of
from workflow.indicators.events import Definition, IndicatorAdopted, IndicatorAmended, IndicatorRetired
from workflow.slices import Command
from workflow.writer import Outcome, RefusedTogether


def adopted(resonance: Resonance) -> list[CharterAdopted]:
    """Every adoption of a charter, in the order in which they were recorded."""
    _, entries = resonance.log.select(DCBQuery([DCBQueryItem([CharterAdopted.TOPIC])]))
    found = [read_envelope(entry.bytes).event for entry in entries]
    return [fact for fact in found if isinstance(fact, CharterAdopted)]


def last_adopted(resonance: Resonance) -> Charter | None:
    """The charter that was adopted last, whenever it takes effect."""
    adoptions = adopted(resonance)
    if not adoptions:
        return None
    resonance.today()  # which reads the texts that were published since the last look
    return by_digest(adoptions[-1].digest)


def apply_charter(
    resonance: Resonance, text: str, effective: date, actor: str, approver: str, reason: str = ""
) -> list[Outcome]:
    """Adopt a charter from a day on, and adopt, amend or retire the indicators that it defines anew or no more.

    One that was adopted already, from that day on, changes nothing. What was amended otherwise stays, unless the
    charter now says something new of it. Raises CharterError for a text that is no charter, Refused where a rule says
    no to the charter, RefusedTogether where one says no to indicators.
    """
    charter, before = learn(text), last_adopted(resonance)
    if any((a.digest, a.effective) == (digest(text), effective) for a in adopted(resonance)):
        return []
    said = {IndicatorId(i.id): definition_of(i) for i in before.indicators} if before else {}
    wanted = {IndicatorId(i.id): definition_of(i) for i in charter.indicators}
    known = _measured(resonance)
    commands: list[Command] = [AdoptCharter(text=text, effective=effective)]
    for indicator, definition in wanted.items():
        if indicator not in known:
            commands.append(AdoptIndicator(indicator=indicator, definition=definition, effective=effective))
        elif definition not in (said.get(indicator), known[indicator]):
            commands.append(AmendIndicator(indicator=indicator, definition=definition, effective=effective))
    dropped = [indicator for indicator in said if indicator not in wanted and indicator in known]
    commands += [RetireIndicator(indicator=indicator, effective=effective) for indicator in dropped]
    context = resonance.context(actor, approver=approver, reason=reason)
    key = f"charter.{digest(text).removeprefix('sha256:')}.{effective}"
    try:
        return resonance.handle_all(
            [(command, replace(context, command_id=f"{key}.{n}")) for n, command in enumerate(commands, 1)]
        )
    except RefusedTogether as together:
        if (of_charter := together.refusals.get(0)) is not None:
            raise of_charter from None  # without it, all else is refused as well
        raise


def _measured(resonance: Resonance) -> dict[IndicatorId, Definition]:
    """How each indicator is defined that was adopted and not retired, from whatever day on."""
    topics = [IndicatorAdopted.TOPIC, IndicatorAmended.TOPIC, IndicatorRetired.TOPIC]
    found: dict[IndicatorId, Definition] = {}
    for entry in resonance.log.select(DCBQuery([DCBQueryItem(topics)]))[1]:
        match read_envelope(entry.bytes).event:
            case IndicatorAdopted(indicator, definition) | IndicatorAmended(indicator, definition):
                found[indicator] = definition
            case IndicatorRetired(indicator):
                del found[indicator]
    return found
