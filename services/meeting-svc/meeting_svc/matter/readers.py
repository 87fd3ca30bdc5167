"""Who is a reader of a matter that is not for everybody's eyes: named, and struck off again (知悉范围)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.envelope import Standing
from chancery.events.meeting import MatterEvent, ReaderNamed, ReaderStruck
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.clerks import organises_something
from meeting_svc.matter.state import Matter


@dataclass(frozen=True, slots=True)
class NameReader:
    by: PersonId
    person: str


def name_reader(command: NameReader, matter: Matter, rules: Rules) -> Sequence[Told[MatterEvent]]:
    """By whoever opened the file, or the office; named twice is once.

    Raises:
        Refused: the matter has no file, or nobody knows the person; (forbidden) another names readers.
    """
    standing = _may(command.by, matter, rules)
    if command.person not in rules.roster.persons:
        raise Refused(Reason("unknown_person", params={"person": command.person}, subject="person"))
    if command.person in matter.readers:
        return []
    return [Told(ReaderNamed(matter_id=matter.id, person=command.person, named_by=command.by), (), standing)]


@dataclass(frozen=True, slots=True)
class StrikeReader:
    by: PersonId
    person: str


def strike_reader(command: StrikeReader, matter: Matter, rules: Rules) -> Sequence[Told[MatterEvent]]:
    """By whoever may name one; from then on he sees nothing of it.

    Raises:
        Refused: the matter has no file, or he is no reader of it; (forbidden) another strikes readers off.
    """
    standing = _may(command.by, matter, rules)
    if command.person not in matter.readers:
        raise Refused(Reason("no_reader", params={"person": rules.titled(command.person)}, subject="person"))
    return [Told(ReaderStruck(matter_id=matter.id, person=command.person, struck_by=command.by), (), standing)]


def _may(by: PersonId, matter: Matter, rules: Rules) -> Standing:
    if matter.facts is None:
        raise Refused(Reason("matter_not_open"))
    if by != matter.opened_by and not organises_something(rules, by):
        raise Refused(Reason("not_his_file", params={"unit": rules.titled(matter.facts.lead_unit)}), kind="forbidden")
    return rules.own_standing(by)
