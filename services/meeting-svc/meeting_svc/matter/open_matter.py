"""Open a matter's file (立卷): its facts are said once, here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.events.meeting import MatterEvent, MatterFacts, MatterOpened
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.clerks import organises_something
from meeting_svc.facts import unknown_words
from meeting_svc.matter.state import Matter


@dataclass(frozen=True, slots=True)
class OpenMatter:
    by: PersonId
    at: datetime
    facts: MatterFacts


def open_matter(command: OpenMatter, matter: Matter, rules: Rules) -> Sequence[Told[MatterEvent]]:
    """By the lead unit itself, a leader who belongs to no unit, or the office.

    Raises:
        Refused: the file is open already, or a word is not one of the pack's, or a unit is not known; (forbidden)
            whoever acts holds no post, or is of another unit.
    """
    if matter.facts is not None:
        raise Refused(Reason("matter_already_open"))
    facts = command.facts
    lacking = unknown_words(rules, "kinds", [facts.kind] if facts.kind else [], "kind")
    lacking += unknown_words(rules, "features", facts.features, "features")
    lacking += [
        Reason("unknown_unit", params={"unit": unit}, subject="units")
        for unit in dict.fromkeys((facts.lead_unit, *facts.units_involved))
        if unit not in rules.roster.units
    ]
    if lacking:
        raise Refused(*lacking)
    posts = rules.roster.held_by(command.by, rules.at)
    if not posts:
        raise Refused(Reason("holds_no_post", params={"person": command.by}), kind="forbidden")
    own = rules.works_in(command.by, facts.lead_unit)
    if not own and all(held.unit for held in posts) and not organises_something(rules, command.by):
        raise Refused(Reason("not_of_the_unit", params={"unit": rules.titled(facts.lead_unit)}), kind="forbidden")
    opened = MatterOpened(matter_id=matter.id, facts=facts, opened_by=command.by, opened_at=command.at)
    standing = rules.own_standing(command.by, facts.lead_unit if own else posts[0].unit)
    return [Told(opened, standing=standing)]
