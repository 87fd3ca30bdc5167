"""Draft the minutes from what was recorded (纪要起草); nobody writes the decisions a second time."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.envelope import Standing
from chancery.events.meeting import MinutesDrafted, MinutesEvent
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import Minutes as MinutesRule
from chancery.thing import Told
from meeting_svc.clerks import clerk
from meeting_svc.minutes.state import Minutes, Stage
from meeting_svc.minutes.way import minutes_ruling
from meeting_svc.sitting.state import Sitting


@dataclass(frozen=True, slots=True)
class Draft:
    """``sitting`` as it is stored now."""

    by: PersonId
    sitting: Sitting


def draft(command: Draft, minutes: Minutes, rules: Rules) -> Sequence[Told[MinutesEvent]]:
    """One sitting has one set of minutes, drafted once the sitting is closed.

    Raises:
        Refused: the sitting is not closed, its minutes are drafted already, or not the office acts.
    """
    sitting = command.sitting
    if sitting.convened is None or sitting.opened is None or sitting.closed is None:
        raise Refused(Reason("sitting_not_closed"))
    if minutes.stage is not Stage.NOT_SEEN:
        raise Refused(Reason("minutes_exist"))
    convened = sitting.convened
    ruling = minutes_ruling(rules, convened.body, _features(sitting))
    standing = _drafter(rules, convened.body, ruling, command.by)
    drafted = MinutesDrafted(
        minutes_id=minutes.id,
        sitting_id=sitting.id,
        body=convened.body,
        series=convened.series,
        number=convened.number,
        sitting_on=convened.sitting_on,
        closed_at=sitting.closed.closed_at,
        chair=sitting.opened.chair,
        decisions=tuple(sorted(sitting.decisions, key=lambda decision: decision.no)),
        drafted_by=command.by,
    )
    return [Told(drafted, (ruling,) if ruling.regulated else (rules.body_ruling(convened.body),), standing)]


def wanted(rules: Rules, sitting: Sitting) -> bool:
    """Whether the sitting has to have minutes; some rules want them only where something was decided."""
    if sitting.convened is None:
        return False
    hit = minutes_ruling(rules, sitting.convened.body, _features(sitting)).first
    return hit is None or hit.outcome.obligatory


def _features(sitting: Sitting) -> frozenset[str]:
    return frozenset(word for decision in sitting.decisions for word in decision.features)


def _drafter(rules: Rules, body: str, ruling: Ruling[MinutesRule], person: str) -> Standing:
    """Whom the row names; where the rules are silent, the body's organising unit."""
    hit = ruling.first
    if hit is None:
        return clerk(rules, body, person).standing
    standing = rules.is_one_of(person, [hit.outcome.drafter], Case(body=body), "draft")
    if standing is None:
        unit = rules.titled(hit.outcome.drafter.name)
        raise Refused(Reason("not_the_organiser", tuple(ruling.citations), {"unit": unit}), kind="forbidden")
    return standing
