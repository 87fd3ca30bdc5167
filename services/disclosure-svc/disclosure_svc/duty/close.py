"""What becomes of a duty to publish: reviewed, published, kept closed on a ground, covered by a document, overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chancery.calendar import local_day
from chancery.events.openness import (
    DutyCovered,
    DutyEvent,
    DutyOpened,
    DutyOverdue,
    DutyPublished,
    DutyReviewed,
    DutyWithheld,
)
from chancery.events.parts import Counted
from chancery.names import PersonId
from chancery.refusal import Citation, Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.tables import Publication
from chancery.thing import Told
from disclosure_svc.duty.asking import DECISION, Facts, of_a_decision, of_a_thing
from disclosure_svc.duty.state import Duty, Stage
from disclosure_svc.entry.handling import by_the_office, of_office
from disclosure_svc.entry.needs import SECRECY_REVIEW


@dataclass(frozen=True, slots=True)
class Review:
    by: PersonId
    passed: bool
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PublishDuty:
    """``text``: what is published; None where the duty has it already. ``channels``: where it did appear."""

    by: PersonId
    at: datetime
    text: str | None = None
    channels: tuple[str, ...] = ()
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Withhold:
    by: PersonId
    ground: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cover:
    entry_id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class DutyRunOut:
    due: Counted


def review(command: Review, duty: Duty, rules: Rules) -> Sequence[Told[DutyEvent]]:
    opened = _open(duty)
    _by_its_own(command.by, opened, rules)
    return [
        Told(
            DutyReviewed(duty_id=duty.id, passed=command.passed, reviewer=command.by, note=command.note),
            _under(duty, rules),
        )
    ]


def publish_duty(command: PublishDuty, duty: Duty, rules: Rules) -> Sequence[Told[DutyEvent]]:
    """By the office or the unit it concerns. Where the rules name channels, at least one of them is confirmed.

    Raises:
        Refused: not open, not reviewed, no words, no channel confirmed or one the rules do not have; (forbidden)
            another unit.
    """
    opened = _open(duty)
    _by_its_own(command.by, opened, rules)
    ruling, everything = _ruling(opened, rules), _facts(opened).asked(rules)
    naming = _cited([hit for hit in everything.hits if hit.outcome.channels])
    lacking: list[Reason] = []
    if SECRECY_REVIEW in opened.needs and (duty.reviewed is None or not duty.reviewed.passed):
        reviewing = [hit for hit in everything.hits if SECRECY_REVIEW in hit.outcome.needs]
        lacking.append(Reason("needs_secrecy_review", _cited(reviewing)))
    text = command.text or opened.text
    if text is None:
        lacking.append(Reason("needs_words", subject="text"))
    if opened.channels and not command.channels:
        names = "、".join(rules.titled(one) for one in opened.channels)
        lacking.append(Reason("needs_a_channel", naming, {"channels": names}, subject="channels"))
    if strange := [one for one in command.channels if opened.channels and one not in opened.channels]:
        names = "、".join(rules.titled(one) for one in strange)
        lacking.append(Reason("no_such_channel", naming, {"channels": names}, subject="channels"))
    if lacking or text is None:
        raise Refused(*lacking)
    published = DutyPublished(
        duty_id=duty.id,
        matter_id=opened.matter_id,
        text=text,
        channels=command.channels,
        reference=command.reference,
        published_by=command.by,
        published_at=command.at,
        published_on=local_day(command.at),
    )
    named = [hit for hit in everything.hits if hit.outcome.channels and hit not in ruling.hits]
    under = Ruling(ruling.table, ruling.pack, (*ruling.hits, *named))
    return [Told(published, (under,) if under.regulated else ())]


def withhold(command: Withhold, duty: Duty, rules: Rules) -> Sequence[Told[DutyEvent]]:
    """By the office, on a ground of the rules and with the reason.

    Raises:
        Refused: not open, or the rules list no such ground; (forbidden) not of the office.
    """
    opened = _open(duty)
    by_the_office(rules, command.by)
    facts = _facts(opened)
    ruling = facts.asked(rules, "withheld", command.ground)
    withholding = [hit for hit in ruling.hits if hit.outcome.duty == "withhold"]
    listed = {word for hit in withholding for word in hit.outcome.grounds}
    known = rules.pack.vocabulary("grounds")
    allowed = listed or set(known)
    if command.ground not in allowed:
        names = "、".join(rules.titled(word) for word in sorted(allowed))
        raise Refused(Reason("no_such_ground", _cited(withholding), {"grounds": names}, subject="ground"))
    told = DutyWithheld(
        duty_id=duty.id,
        matter_id=opened.matter_id,
        ground=command.ground,
        reason=command.reason,
        withheld_by=command.by,
    )
    under = Ruling(ruling.table, ruling.pack, tuple(withholding))
    return [Told(told, (under,) if under.regulated else ())]


def cover(command: Cover, duty: Duty, rules: Rules) -> Sequence[Told[DutyEvent]]:
    """The document made of a decision was published, and the decision with it."""
    del rules
    if duty.stage is not Stage.OPEN or duty.opened is None:
        return []
    told = DutyCovered(
        duty_id=duty.id, matter_id=duty.opened.matter_id, entry_id=command.entry_id, number=command.number
    )
    return [Told(told)]


def duty_run_out(command: DutyRunOut, duty: Duty, rules: Rules) -> Sequence[Told[DutyEvent]]:
    if duty.stage is not Stage.OPEN or duty.opened is None or duty.overdue:
        return []
    told = DutyOverdue(duty_id=duty.id, matter_id=duty.opened.matter_id, due=command.due)
    return [Told(told, _under(duty, rules))]


def _open(duty: Duty) -> DutyOpened:
    if duty.opened is None:
        raise not_found("publication_duty")
    if duty.stage is not Stage.OPEN:
        raise Refused(Reason("duty_done", params={"stage": duty.stage.value}))
    return duty.opened


def _by_its_own(person: str, opened: DutyOpened, rules: Rules) -> None:
    if of_office(rules, person) or (opened.unit is not None and rules.works_in(person, opened.unit)):
        return
    unit = rules.titled(opened.unit) if opened.unit else "—"
    raise Refused(Reason("not_of_office_or_lead", params={"unit": unit}), kind="forbidden")


def _facts(opened: DutyOpened) -> Facts:
    return Facts(opened.what, opened.kind, opened.features, opened.major, opened.decided_by)


def _ruling(opened: DutyOpened, rules: Rules) -> Ruling[Publication]:
    of = of_a_decision if opened.what == DECISION and opened.source.minutes_id else of_a_thing
    return of(_facts(opened), rules)


def _under(duty: Duty, rules: Rules) -> tuple[Ruling[Publication], ...]:
    ruling = _ruling(duty.opened, rules) if duty.opened else None
    return (ruling,) if ruling is not None and ruling.regulated else ()


def _cited(hits: Sequence[Hit[Publication]]) -> tuple[Citation, ...]:
    return tuple({cite.clause: cite for hit in hits for cite in hit.cites}.values())
