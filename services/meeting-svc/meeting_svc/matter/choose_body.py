"""Choose, where several bodies may decide a matter, the one it is put to (确定上会)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import BodyChosen, MatterEvent
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.rules.setting_aside import proved
from chancery.thing import Told
from meeting_svc.clerks import unknown_body
from meeting_svc.competence import competence_of
from meeting_svc.facts import case_of
from meeting_svc.matter.state import Matter


@dataclass(frozen=True, slots=True)
class ChooseBody:
    by: PersonId
    body: str
    reason: str | None = None


def choose_body(command: ChooseBody, matter: Matter, rules: Rules) -> Sequence[Told[MatterEvent]]:
    """By whom the rules name; chosen anew, the last choice counts. Quiet where it was chosen already.

    Raises:
        Refused: the matter has no file, no such body, nobody has to choose, or the body is none of those that may;
            (forbidden) another chooses.
    """
    facts = matter.facts
    if facts is None:
        raise Refused(Reason("matter_not_open"))
    if rules.body(command.body) is None:
        raise Refused(unknown_body(rules, command.body))
    found = competence_of(rules, facts, proved(matter.claims, matter.evidence))
    cites = tuple(found.choosing.citations)
    if not found.choosers:
        raise Refused(Reason("nothing_to_choose", tuple(found.ruling.citations), subject="body"))
    if command.body not in found.bodies:
        names = {"body": rules.titled(command.body), "bodies": "、".join(rules.titled(one) for one in found.bodies)}
        raise Refused(Reason("body_not_competent", cites, names, subject="body"))
    standing = rules.is_one_of(command.by, found.choosers, case_of(facts, raiser=matter.opened_by), "choose")
    if standing is None:
        names = {"who": "、".join(one.written() for one in found.choosers)}
        raise Refused(Reason("another_chooses", cites, names), kind="forbidden")
    if matter.chosen == command.body:
        return []
    chosen = BodyChosen(matter_id=matter.id, body=command.body, reason=command.reason, chosen_by=command.by)
    return [Told(chosen, (found.choosing,), standing)]
