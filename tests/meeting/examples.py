"""The journey's matter as it stands at each station: what earlier events made of it."""

from datetime import date

from chancery.events.meeting import (
    AgendaAccepted,
    AgendaItemEvent,
    AgendaStepTaken,
    AgendaSubmitted,
    Chair,
    DecisionRecorded,
    EvidenceFiled,
    MatterEvent,
    MatterFacts,
    MatterOpened,
    MinutesDrafted,
    ScheduledItem,
    SeatTaken,
    SittingClosed,
    SittingConvened,
    SittingOpened,
)
from chancery.events.parts import Decision, Evidence, StepDone
from chancery.names import Capacity
from meeting_svc.agenda_item.state import AGENDA_ITEM, AgendaItem
from meeting_svc.matter.state import MATTER, Matter
from meeting_svc.sitting.state import SITTING, Sitting
from tests.hongkou import CLERK, DEPUTY_IN_CHARGE, DIRECTOR, JUSTICE_HEAD, MAYOR, an_id, at
from tests.scenario import THE_THING

MATTER_ID, OTHER_MATTER = an_id(1), an_id(11)
ITEM_ID, OTHER_ITEM = an_id(2), an_id(12)
SITTING_ID = an_id(3)

RULES_DRAFT = MatterFacts(title="区政府工作规则", kind="normative_document", lead_unit="justice_bureau")

LEGALITY = Evidence(
    evidence="legality_review", by="justice_bureau", given_on=date(2022, 1, 11), attrs={"result": "passed"}
)
COMPETITION = Evidence(
    evidence="fair_competition_review",
    by="justice_bureau",
    given_on=date(2022, 1, 11),
    attrs={"result": "outside_scope"},
)
PARTICIPATION = Evidence(evidence="public_participation", by="justice_bureau", given_on=date(2022, 1, 10))
ALL_EVIDENCE = (LEGALITY, COMPETITION, PARTICIPATION)


def opened(facts: MatterFacts = RULES_DRAFT) -> MatterOpened:
    return MatterOpened(matter_id=MATTER_ID, facts=facts, opened_by=JUSTICE_HEAD, opened_at=at("2022-01-10"))


def matter(*evidence: Evidence, facts: MatterFacts = RULES_DRAFT) -> Matter:
    events: list[MatterEvent] = [opened(facts)]
    events += [EvidenceFiled(matter_id=MATTER_ID, evidence=one, filed_by=JUSTICE_HEAD) for one in evidence]
    found = MATTER.start(MATTER_ID)
    for event in events:
        found = MATTER.evolve(found, event)
    return found


def submitted(item_id: object = THE_THING, body: str = "executive", **more: object) -> AgendaSubmitted:
    event = AgendaSubmitted(
        item_id=THE_THING,
        matter_id=MATTER_ID,
        facts=RULES_DRAFT,
        body=body,
        sitting_on=date(2022, 1, 19),
        submitted_by=JUSTICE_HEAD,
        for_unit="justice_bureau",
        submitted_at=at("2022-01-12"),
    )
    return event.model_copy(update={"item_id": item_id, **more})


def step(number: int, do: str, person: str, post: str, day: str = "2022-01-13") -> StepDone:
    return StepDone(step=number, do=do, person=person, post=post, capacity=Capacity.OWN, at=at(day))


REVIEWED = step(0, "review", DIRECTOR, "office_director")
CONSENTED = step(1, "consent", DEPUTY_IN_CHARGE, "deputy_mayor")
APPROVED = step(2, "approve", MAYOR, "mayor", "2022-01-14")


def step_taken(taken: StepDone, item_id: object = THE_THING) -> AgendaStepTaken:
    return AgendaStepTaken(item_id=THE_THING, taken=taken).model_copy(update={"item_id": item_id})


def accepted(item_id: object = THE_THING) -> AgendaAccepted:
    event = AgendaAccepted(item_id=THE_THING, matter_id=MATTER_ID, body="executive", accepted_at=at("2022-01-14"))
    return event.model_copy(update={"item_id": item_id})


def item(*events: AgendaItemEvent, item_id: object = ITEM_ID) -> AgendaItem:
    found = AGENDA_ITEM.start(ITEM_ID if item_id is ITEM_ID else OTHER_ITEM)
    for event in events:
        found = AGENDA_ITEM.evolve(found, event)
    return found


ACCEPTED_ITEM = item(submitted(ITEM_ID), accepted(ITEM_ID))

MAYOR_CHAIRS = Chair(person=MAYOR, post="mayor", capacity=Capacity.OWN)
SCHEDULED = ScheduledItem(no=1, item_id=ITEM_ID, matter_id=MATTER_ID, facts=RULES_DRAFT)


def convened(**more: object) -> SittingConvened:
    event = SittingConvened(
        sitting_id=THE_THING,
        body="executive",
        series="2022",
        number=1,
        starts_at=at("2022-01-19", 14),
        sitting_on=date(2022, 1, 19),
        place="第一会议室",
        convened_by=MAYOR_CHAIRS,
        items=(SCHEDULED,),
    )
    return event.model_copy(update=more)


def open_now() -> SittingOpened:
    return SittingOpened(
        sitting_id=THE_THING,
        chair=MAYOR_CHAIRS,
        present=(SeatTaken(person=MAYOR, post="mayor", seat="member"),),
        members=7,
        members_present=1,
        quorum=None,
        opened_at=at("2022-01-19", 14),
        missing=(),
    )


def decision(**more: object) -> Decision:
    found = Decision(
        no=1,
        item_id=ITEM_ID,
        matter_id=MATTER_ID,
        title="区政府工作规则",
        kind="normative_document",
        outcome="adopted",
        text="会议审议通过。",
        lead="justice_bureau",
        orders_document="normative_document",
    )
    return found.model_copy(update=more)


def recorded(**more: object) -> DecisionRecorded:
    return DecisionRecorded(
        sitting_id=THE_THING, decision=decision(**more), body="executive", decided_on=date(2022, 1, 19)
    )


def closed() -> SittingClosed:
    return SittingClosed(sitting_id=THE_THING, body="executive", closed_at=at("2022-01-19", 16))


def held_sitting() -> Sitting:
    found = SITTING.start(THE_THING)
    for event in (convened(), open_now(), recorded(), closed()):
        found = SITTING.evolve(found, event)
    return found


def drafted() -> MinutesDrafted:
    return MinutesDrafted(
        minutes_id=THE_THING,
        sitting_id=THE_THING,
        body="executive",
        series="2022",
        number=1,
        sitting_on=date(2022, 1, 19),
        closed_at=at("2022-01-19", 16),
        chair=MAYOR_CHAIRS,
        decisions=(decision(),),
        drafted_by=CLERK,
    )
