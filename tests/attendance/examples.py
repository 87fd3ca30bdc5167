"""Absences, mandates and actings as they stand at each station."""

from datetime import datetime

from chancery.events.attendance import (
    AbsenceAnnounced,
    AbsenceStepTaken,
    ActingStarted,
    EntrustedObject,
    EntrustmentGiven,
    LeaveApproved,
)
from chancery.events.parts import StepDone
from chancery.names import Capacity
from tests.hongkou import an_id, at
from tests.scenario import THE_THING

LEAVES, BACK = at("2022-02-14", 8), at("2022-02-18", 20)
TRIP = an_id(42)
MANDATE = an_id(41)


def stands(person: str, post: str, *, leaving: str = "city", cause: str = "business_trip") -> LeaveApproved:
    """An absence that stands, as the roster knows it."""
    return LeaveApproved(
        absence_id=str(TRIP),
        person_id=person,
        post=post,
        leaving=leaving,
        cause=cause,
        starts_at=LEAVES,
        ends_at=BACK,
        mode="not_regulated",
    )


def mandate(
    giver: str,
    receiver: str,
    post: str | None,
    *,
    starts_at: datetime = LEAVES,
    ends_at: datetime | None = BACK,
    for_person: str | None = None,
) -> EntrustmentGiven:
    return EntrustmentGiven(
        entrustment_id=str(MANDATE),
        giver_id=giver,
        receiver_id=receiver,
        object=EntrustedObject(kind="acting", post=post, reference=for_person),
        starts_at=starts_at,
        ends_at=ends_at,
    )


def acts(principal: str, post: str, actor: str, scope: tuple[str, ...] = ("preside",), **more: object) -> ActingStarted:
    event = ActingStarted(
        acting_id=str(THE_THING),
        principal_id=principal,
        post=post,
        actor_id=actor,
        absence_id=str(TRIP),
        entrustment_id=str(MANDATE),
        scope=scope,
        started_at=LEAVES,
        ends_at=BACK,
    )
    return event.model_copy(update=more)


def announced(person: str, post: str, mode: str, row: str | None, **more: object) -> AbsenceAnnounced:
    event = AbsenceAnnounced(
        absence_id=str(THE_THING),
        person_id=person,
        post=post,
        leaving="city",
        cause="business_trip",
        destination="外地",
        reason="公务",
        starts_at=LEAVES,
        ends_at=BACK,
        mode=mode,
        row=row,
    )
    return event.model_copy(update=more)


def approved(of: AbsenceAnnounced, **more: object) -> LeaveApproved:
    event = LeaveApproved(
        absence_id=of.absence_id,
        person_id=of.person_id,
        post=of.post,
        leaving=of.leaving,
        cause=of.cause,
        starts_at=of.starts_at,
        ends_at=of.ends_at,
        mode=of.mode,
    )
    return event.model_copy(update=more)


def taken(
    number: int, do: str, person: str, post: str, moment: datetime, opinion: str | None = None
) -> AbsenceStepTaken:
    done = StepDone(step=number, do=do, person=person, post=post, capacity=Capacity.OWN, at=moment, opinion=opinion)
    return AbsenceStepTaken(absence_id=str(THE_THING), taken=done)
