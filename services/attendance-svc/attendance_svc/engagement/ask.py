"""Ask a leader to appear, to speak, to write or to lend his name (提出邀请、讲话、题词等)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from attendance_svc.absence.way import goes_outside
from attendance_svc.bringing import missing, on_file
from attendance_svc.engagement.state import Engagement, EngagementEvent, Stage
from attendance_svc.engagement.way import asked, way_of
from chancery.events.attendance import Brought, EngagementAgreed, EngagementAsked, EngagementStepTaken
from chancery.events.parts import Excuse
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.excusing import Claiming, claiming
from chancery.rules.rulebook import Rules, Taking
from chancery.rules.ruling import AnyRuling, Hit
from chancery.rules.setting_aside import LEAD, excusable, excused, proved
from chancery.rules.tables import ENGAGEMENTS
from chancery.rules.tables import Engagement as EngagementRow
from chancery.thing import Told

ANSWER = "answer"
"""What of a row is excused that refuses in principle."""
DEPARTED_FROM = ("in_principle", "normally")
"""Refusals of this force may be departed from; the others may not."""


@dataclass(frozen=True, slots=True)
class AskEngagement:
    """``person_id`` is the leader asked, or who shall go in his place: then ``substitute_for`` is the leader asked.

    ``because``: why it shall be although the rules refuse it in principle; ``units``: whose matter it is.
    """

    by: PersonId
    at: datetime
    person_id: str
    act: str
    title: str
    on: date
    in_capacity: Literal["official", "personal"] | None = None
    organiser: str | None = None
    topic: str | None = None
    arranged: bool = False
    features: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    place: str | None = None
    substitute_for: str | None = None
    brings: tuple[Brought, ...] = ()
    exceptions: tuple[Claiming, ...] = ()
    because: str | None = None


def ask(command: AskEngagement, engagement: Engagement, rules: Rules) -> Sequence[Told[EngagementEvent]]:
    """Free, by a route, or refused, as the rules have it; where they are silent, nobody has to agree.

    Raises:
        Refused: asked already; refused by the rules, too late, without what it must bring, by a substitute where the
            rules want the leader himself, for somebody without a post, every one at once; (forbidden) by somebody who
            holds no post here.
    """
    if engagement.stage is not Stage.NOT_SEEN:
        raise Refused(Reason("engagement_asked_already"))
    if not rules.roster.held_by(command.by, command.at):
        raise Refused(Reason("holds_no_post", params={"who": rules.roster.name(command.by)}), kind="forbidden")
    claims = [claiming(one, command.by, rules, (), (ENGAGEMENTS.name,)) for one in command.exceptions]
    leader = command.substitute_for or command.person_id
    ruling = asked(
        rules,
        leader,
        act=command.act,
        in_capacity=command.in_capacity,
        organiser=command.organiser,
        topic=command.topic,
        arranged=command.arranged,
        features=command.features,
        excepted=proved([claim for claim, _ in claims], on_file(command.brings, rules)),
    )
    row = ruling.first
    held = rules.roster.held_by(command.person_id, command.at)
    excuses = tuple(
        one.excuse for one in engagement.excused if (one.person_id, one.on) == (command.person_id, command.on)
    )
    reasons = [*_refused(command, row, rules, excuses), *_substituted(command, row)]
    reasons += [*_late(command, rules, row, excuses), *_not_brought(command, rules, row, excuses)]
    if not held:
        reasons.append(Reason("holds_no_post", params={"who": rules.roster.name(command.person_id)}))
    if reasons:
        raise Refused(*reasons)
    told = EngagementAsked(
        engagement_id=str(engagement.id),
        person_id=command.person_id,
        post=held[0].post,
        act=command.act,
        in_capacity=command.in_capacity,
        organiser=command.organiser,
        topic=command.topic,
        arranged=command.arranged,
        features=command.features,
        units=command.units,
        title=command.title,
        place=command.place,
        on=command.on,
        asked_by=command.by,
        asked_at=command.at,
        substitute_for=command.substitute_for,
        brings=command.brings,
        claims=tuple(claim for claim, _ in claims),
        because=command.because,
        answer="not_regulated" if row is None else row.outcome.answer,
        row=None if row is None else row.row,
    )
    under: tuple[AnyRuling, ...] = (ruling,) if ruling.regulated else ()
    under = (*under, *(naming for _, rulings in claims for naming in rulings))
    if row is not None and excused(excuses, ENGAGEMENTS.name, row, [ANSWER]):
        return [Told(told, under), Told(agreed(told), under)]
    return [Told(told, under), *_on_its_way(told, under, rules, row)]


def _on_its_way(
    told: EngagementAsked, under: tuple[AnyRuling, ...], rules: Rules, row: Hit[EngagementRow] | None
) -> Sequence[Told[EngagementEvent]]:
    """What asking does by itself: an application within the house; and that it stands where nobody has to agree."""
    way = way_of(rules, told, (), row)
    if way is None:
        return [Told(agreed(told), under)]
    standing = rules.own_standing(told.asked_by)
    taken = [
        rules.step_done(Taking(one.alternative, one.index, one.step.do, standing))
        for one in way.state.open
        if one.step.by is None and not goes_outside(one.step)
    ]
    steps: list[Told[EngagementEvent]] = [
        Told(EngagementStepTaken(engagement_id=told.engagement_id, taken=step), under, standing) for step in taken
    ]
    after = way_of(rules, told, taken, row)
    return [*steps, Told(agreed(told), under)] if after is not None and after.state.complete else steps


def agreed(asked: EngagementAsked) -> EngagementAgreed:
    """The engagement as it stands."""
    return EngagementAgreed(engagement_id=asked.engagement_id, person_id=asked.person_id, on=asked.on)


def _refused(
    command: AskEngagement, row: Hit[EngagementRow] | None, rules: Rules, excuses: Sequence[Excuse]
) -> Sequence[Reason]:
    """What the rules refuse in principle may be put forward with its reason, and goes to whoever may excuse it; or he
    excused it before.
    """
    if row is None or row.outcome.answer != "refuse" or row.force == "normally":
        return []
    if excused(excuses, ENGAGEMENTS.name, row, [ANSWER]):
        return []
    if row.force in DEPARTED_FROM and row.permit is not None and command.because:
        return []
    by = row.permit.written() if row.force in DEPARTED_FROM and row.permit is not None else ""
    code = "engagement_refused_unless_agreed" if by else "engagement_refused"
    ways = excusable(ENGAGEMENTS.name, row, ANSWER, lambda who: rules.who(who).people())
    params = {"act": command.act, "who": by} if by else {"act": command.act}
    return [Reason(code, row.cites, params, excusable=ways)]


def _substituted(command: AskEngagement, row: Hit[EngagementRow] | None) -> Sequence[Reason]:
    if command.substitute_for is None:
        return []
    if command.substitute_for == command.person_id:
        return [Reason("substitutes_himself", subject="substitute_for")]
    if row is None or row.outcome.substitute == "allowed":
        return []
    return [Reason("no_substitute", row.cites, subject="substitute_for")]


def _late(
    command: AskEngagement, rules: Rules, row: Hit[EngagementRow] | None, excuses: Sequence[Excuse]
) -> Sequence[Reason]:
    if row is None or row.outcome.lead is None or row.force not in ("must", "in_principle"):
        return []
    due = rules.lead(row.outcome.lead, command.on)
    if command.at < due.due_at or excused(excuses, ENGAGEMENTS.name, row, [LEAD]):
        return []
    ways = excusable(ENGAGEMENTS.name, row, LEAD, lambda who: rules.who(who).people())
    return [Reason("too_late_to_ask", row.cites, {"due_on": due.due_on.isoformat()}, subject="on", excusable=ways)]


def _not_brought(
    command: AskEngagement, rules: Rules, row: Hit[EngagementRow] | None, excuses: Sequence[Excuse]
) -> Sequence[Reason]:
    if row is None or row.outcome.answer != "route":
        return []
    return missing(rules, ENGAGEMENTS.name, row, command.brings, command.because, excuses)
