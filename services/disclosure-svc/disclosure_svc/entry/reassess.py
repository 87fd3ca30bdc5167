"""Look again at what is withheld or given on request only (定期评估), and open it where nothing speaks against."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chancery.calendar import local_day
from chancery.events.disclosure import EntryEvent, EntryPrepared, Reassessed, ReassessmentOverdue, ReassessmentSet
from chancery.events.parts import Counted
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from disclosure_svc.days import set_by_hand
from disclosure_svc.entry.handling import by_the_office, in_hand
from disclosure_svc.entry.needs import PROACTIVE, facts_of
from disclosure_svc.entry.opening import day_of, words_of
from disclosure_svc.entry.state import Entry, Stage

REASSESSMENT = "disclosure_reassessment"
WITHHELD = "withheld_information"


@dataclass(frozen=True, slots=True)
class SetReassessment:
    by: PersonId
    due_on: date


@dataclass(frozen=True, slots=True)
class Reassess:
    """``ground`` is on what it stays closed; None opens it. ``next_on`` is needed where no rule sets the next day."""

    by: PersonId
    note: str
    ground: str | None = None
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class LookRunOut:
    due: Counted


def look_again(entry_id: UUID, attribute: str, since: datetime, rules: Rules) -> Told[EntryEvent] | None:
    """When what is not open is to be looked at again; None where it is open, or no rule and no setting has a period."""
    if attribute == PROACTIVE:
        return None
    ruling, count = rules.clock(REASSESSMENT, since, source=WITHHELD)
    if count is None:
        return None
    return Told(ReassessmentSet(entry_id=entry_id, due=rules.counted(REASSESSMENT, ruling, count)), (ruling,))


def set_reassessment(command: SetReassessment, entry: Entry, rules: Rules) -> Sequence[Told[EntryEvent]]:
    """By the office, to a day ahead; an earlier day set is replaced.

    Raises:
        Refused: open anyway, or the day has passed; (forbidden) not of the office.
    """
    _closed(entry, command.by, rules)
    if command.due_on < local_day(rules.at):
        raise Refused(Reason("day_has_passed", subject="due_on"))
    due = set_by_hand(REASSESSMENT, command.due_on, rules.at, rules)
    if entry.look_again is not None and entry.look_again.due_on == due.due_on:
        return []
    return [Told(ReassessmentSet(entry_id=entry.id, due=due, set_by=command.by))]


def reassess(command: Reassess, entry: Entry, rules: Rules) -> Sequence[Told[EntryEvent]]:
    """It stays closed on a ground, with a next day; or it is opened and goes the way of what is open.

    Raises:
        Refused: open anyway, no such ground in the rules, the next day has passed; (forbidden) not of the office.
    """
    prepared = _closed(entry, command.by, rules)
    if command.ground is None:
        return [_opened(command, entry, prepared, rules)]
    facts = facts_of(prepared.model_copy(update={"ground": command.ground}))
    grounds = {word for hit in facts.asked(rules).hits for word in hit.outcome.grounds}
    if prepared.attribute == "withheld" and grounds and command.ground not in grounds:
        names = "、".join(rules.titled(word) for word in sorted(grounds))
        raise Refused(Reason("no_such_ground", params={"grounds": names}, subject="ground"))
    if command.next_on is not None and command.next_on < local_day(rules.at):
        raise Refused(Reason("day_has_passed", subject="next_on"))
    ruling, count = rules.clock(REASSESSMENT, rules.at, source=WITHHELD)
    due = rules.counted(REASSESSMENT, ruling, count) if count is not None else None
    if command.next_on is not None:
        due = set_by_hand(REASSESSMENT, command.next_on, rules.at, rules)
    told = Reassessed(
        entry_id=entry.id,
        matter_id=prepared.matter_id,
        opened=False,
        ground=command.ground,
        note=command.note,
        next_due=due,
        assessed_by=command.by,
    )
    return [Told(told, (ruling,) if ruling.regulated else ())]


def _opened(command: Reassess, entry: Entry, prepared: EntryPrepared, rules: Rules) -> Told[EntryEvent]:
    ruling = facts_of(prepared.model_copy(update={"attribute": PROACTIVE, "ground": None})).asked(rules)
    needs, channels = words_of(ruling)
    told = Reassessed(
        entry_id=entry.id,
        matter_id=prepared.matter_id,
        opened=True,
        note=command.note,
        needs=needs,
        channels=channels,
        due=day_of(ruling, rules.at, PROACTIVE, rules),
        assessed_by=command.by,
    )
    return Told(told, (ruling,) if ruling.regulated else ())


def look_run_out(command: LookRunOut, entry: Entry, rules: Rules) -> Sequence[Told[EntryEvent]]:
    """The day for looking again passed: a fact at its moment, told once."""
    del rules
    prepared = entry.prepared
    if prepared is None or prepared.attribute == PROACTIVE or entry.look_overdue or entry.look_again is None:
        return []
    return [Told(ReassessmentOverdue(entry_id=entry.id, matter_id=prepared.matter_id, due=command.due))]


def _closed(entry: Entry, by: PersonId, rules: Rules) -> EntryPrepared:
    prepared = in_hand(entry)
    by_the_office(rules, by)
    if prepared.attribute == PROACTIVE or entry.stage is not Stage.PREPARED:
        raise Refused(Reason("open_anyway"))
    return prepared
