"""The same verbs under rules that Hongkou does not have: quorum, lead time, papers, mandates, a limit for minutes."""

from datetime import date, datetime
from pathlib import Path

from chancery.calendar import bundled
from chancery.events.attendance import (
    AppointmentMade,
    EntrustedObject,
    EntrustmentGiven,
    LeaveApproved,
    PersonRegistered,
    UnitRegistered,
)
from chancery.events.meeting import (
    AgendaHeldOver,
    AgendaSubmitted,
    DecisionRecorded,
    EvidenceFiled,
    MatterFacts,
    MinutesClockExtended,
    MinutesClockResumed,
    MinutesClockSuspended,
    MinutesDrafted,
    MinutesOverdue,
    MinutesSigned,
    MinutesStepTaken,
    ScheduledItem,
    SittingClosed,
    SittingConvened,
    SittingOpened,
)
from chancery.events.parts import Evidence
from chancery.names import Capacity, PersonId
from chancery.roster import Roster
from chancery.rules.loader import load_folder
from chancery.rules.rulebook import Rules
from meeting_svc.agenda_item.state import AGENDA_ITEM
from meeting_svc.agenda_item.submit import Submit, submit
from meeting_svc.facts import case_of
from meeting_svc.matter.file_evidence import FileEvidence, file_evidence
from meeting_svc.matter.state import MATTER
from meeting_svc.minutes.sign import Sign, sign
from meeting_svc.minutes.state import MINUTES
from meeting_svc.minutes.take_step import TakeStep, take_step
from meeting_svc.sitting.clock import Extend, Resume, Suspend, extend, resume, suspend
from meeting_svc.sitting.close import Close, close
from meeting_svc.sitting.open_sitting import OpenSitting, Present, open_sitting
from meeting_svc.sitting.outcomes import Outcome
from meeting_svc.sitting.record import Record, record
from meeting_svc.sitting.run_out import RunOut, run_out
from meeting_svc.sitting.state import SITTING
from tests.hongkou import at
from tests.meeting.examples import ITEM_ID, MATTER_ID, convened, decision, drafted, matter, opened
from tests.scenario import THE_THING, scenario

[PACK] = load_folder(Path(__file__).parent / "rules").values()
SCHEME = MatterFacts(title="码头修缮方案", kind="scheme", lead_unit="works", features=("needs_funds",))
SEATS = (
    ("head", "head", None),
    ("deputy_a", "deputy", None),
    ("deputy_b", "deputy", None),
    ("office_head", "office_head", "office"),
    ("works_head", "unit_head", "works"),
    ("finance_head", "unit_head", "finance"),
)
PEOPLE = Roster.of(
    [
        *(
            UnitRegistered(unit_id=u, kind=t.kind or "", name_zh=t.zh, name_en=t.en)
            for u, t in PACK.words["units"].items()
        ),
        *(PersonRegistered(person_id=person, name=person) for person, _, _ in SEATS),
        *(
            AppointmentMade(person_id=person, post=post, unit=unit, starts_on=date(2022, 1, 1))
            for person, post, unit in SEATS
        ),
    ]
)
OFFICE, WORKS = PersonId("office_head"), PersonId("works_head")
BEFORE = at("2022-01-12")
NOW = at("2022-01-19", 14)


def rules(moment: datetime = NOW, people: Roster = PEOPLE) -> Rules:
    return Rules(PACK, bundled(), people, moment)


SUBMISSION = Submit(
    WORKS,
    BEFORE,
    matter(facts=SCHEME),
    "council",
    sitting_on=date(2022, 1, 19),
    on_paper=("declaration", "paper"),
)
SCHEDULED = ScheduledItem(no=1, item_id=ITEM_ID, matter_id=MATTER_ID, facts=SCHEME)


def called() -> SittingConvened:
    return convened(body="council", items=(SCHEDULED,))


def begun(chair: str = "head") -> SittingOpened:
    told = scenario(SITTING, rules()).given(called())
    present = tuple(Present(person) for person in ("head", "deputy_a", "deputy_b"))
    opened_now = told.when(open_sitting, OpenSitting(OFFICE, NOW, present, chair=chair)).events[0]
    assert isinstance(opened_now, SittingOpened)
    return opened_now


def test_papers_are_due_five_working_days_before_and_the_day_is_kept() -> None:
    told = scenario(AGENDA_ITEM, rules(BEFORE)).when(submit, SUBMISSION).under("HB-3-1").events
    [taken_in] = told
    assert isinstance(taken_in, AgendaSubmitted)
    assert taken_in.papers_due_on == date(2022, 1, 12)


def test_what_comes_later_waits_for_the_next_sitting() -> None:
    late = at("2022-01-13")
    command = Submit(
        WORKS, late, SUBMISSION.matter, "council", sitting_on=date(2022, 1, 19), on_paper=("declaration", "paper")
    )
    told = scenario(AGENDA_ITEM, rules(late)).when(submit, command).events
    assert told[1] == AgendaHeldOver(item_id=THE_THING, from_sitting_on=date(2022, 1, 19), reason="papers_late")


def test_every_missing_paper_is_named() -> None:
    command = Submit(WORKS, BEFORE, SUBMISSION.matter, "council")
    outcome = scenario(AGENDA_ITEM, rules(BEFORE)).when(submit, command).refused("needs_paper", "needs_paper")
    assert {cite.clause for reason in outcome.reasons for cite in reason.cites} == {"HB-3-1", "HB-3-2"}


def test_a_sitting_below_its_quorum_does_not_open() -> None:
    sitting = scenario(SITTING, rules()).given(called())
    two = OpenSitting(OFFICE, NOW, (Present("head"), Present("deputy_a")))
    sitting.when(open_sitting, two).refused(no_quorum="2")
    opened_now = begun()
    assert (opened_now.members, opened_now.members_present, opened_now.quorum) == (4, 3, 3)


def test_a_deputy_presides_by_mandate_only() -> None:
    there = tuple(Present(person) for person in ("deputy_a", "deputy_b", "office_head"))
    sitting = scenario(SITTING, rules()).given(called())
    sitting.when(open_sitting, OpenSitting(OFFICE, NOW, there)).refused(nobody_may_chair="2")
    mandate = EntrustmentGiven(
        entrustment_id="m1",
        giver_id="head",
        receiver_id="deputy_b",
        object=EntrustedObject(kind="chairing", reference="council"),
        starts_at=at("2022-01-18"),
    )
    entrusted = scenario(SITTING, rules(people=PEOPLE.after(mandate))).given(called())
    opened_now = entrusted.when(open_sitting, OpenSitting(OFFICE, NOW, there)).events[0]
    assert isinstance(opened_now, SittingOpened)
    assert (opened_now.chair.person, opened_now.chair.capacity) == ("deputy_b", Capacity.ENTRUSTED)


def test_leave_of_a_member_does_not_lower_a_quorum_of_filled_posts() -> None:
    away = LeaveApproved(
        absence_id="a1",
        person_id="deputy_b",
        post="deputy",
        leaving="city",
        cause="leave",
        starts_at=at("2022-01-18"),
        ends_at=at("2022-01-25"),
        mode="approve",
    )
    sitting = scenario(SITTING, rules(people=PEOPLE.after(away))).given(called())
    two = OpenSitting(OFFICE, NOW, (Present("head"), Present("deputy_a")))
    sitting.when(open_sitting, two).refused("no_quorum")


def test_what_asks_for_funds_does_not_pass_without_a_clear_opinion() -> None:
    sitting = scenario(SITTING, rules()).given(called(), begun())
    command = Record(OFFICE, ITEM_ID, Outcome.ADOPTED, "通过。")
    sitting.when(record, command).refused(needs_finance_opinion="4")
    unclear = Evidence(evidence="finance_opinion", by="finance", given_on=date(2022, 1, 10), attrs={"clarity": "vague"})
    sitting.when(record, Record(OFFICE, ITEM_ID, Outcome.ADOPTED, "通过。", (unclear,))).refused(
        "needs_finance_opinion"
    )
    clear = unclear.model_copy(update={"attrs": {"clarity": "clear"}})
    passed = sitting.when(record, Record(OFFICE, ITEM_ID, Outcome.ADOPTED, "通过。", (clear,))).under("HB-4-1")
    assert len(passed.events) == 1
    put_off = sitting.when(record, Record(OFFICE, ITEM_ID, Outcome.DEFERRED, "缓议。"))
    assert len(put_off.events) == 1
    file = scenario(MATTER, rules()).given(opened(SCHEME))
    file.when(file_evidence, FileEvidence(WORKS, clear)).forbidden(evidence_wants_its_giver="4")
    assert len(file.when(file_evidence, FileEvidence(PersonId("finance_head"), clear)).events) == 1


def test_what_a_person_gives_stands_in_that_person_s_name_whatever_was_typed() -> None:
    """A gate that names a post wants the holder's own word, and finds it again by who gave it."""
    file = scenario(MATTER, rules()).given(opened(SCHEME))
    study = Evidence(evidence="deputy_study", given_on=date(2022, 1, 10))
    file.when(file_evidence, FileEvidence(WORKS, study)).forbidden(evidence_wants_its_giver="4")
    for typed in (None, "works"):
        told = file.when(file_evidence, FileEvidence(PersonId("deputy_a"), study.model_copy(update={"by": typed})))
        [filed] = told.events
        assert isinstance(filed, EvidenceFiled)
        assert filed.evidence.by == "deputy_a"
        case = case_of(SCHEME, body="council")
        asked: dict[str, object] = {"kind": "scheme", "features": ("needs_funds",)}
        assert rules().unmet_gates("execution", asked, (filed.evidence,), case)[1] == ()


def test_the_clock_for_minutes_starts_when_the_sitting_ends() -> None:
    passed = decision(outcome="deferred", orders_document=None)
    sitting = scenario(SITTING, rules()).given(
        called(), begun(), DecisionRecorded(sitting_id=THE_THING, decision=passed)
    )
    told = sitting.when(close, Close(OFFICE, at("2022-01-19", 16))).under("HB-5-2").events[0]
    assert isinstance(told, SittingClosed)
    assert told.minutes_due is not None
    assert told.minutes_due.due_on == date(2022, 1, 26)
    late = MinutesOverdue(sitting_id=THE_THING, body="council", due=told.minutes_due)
    ended = sitting.given(told)
    ended.when(run_out, RunOut(told.minutes_due)).then(late).under("HB-5-2")
    ended.given(late).when(run_out, RunOut(told.minutes_due)).quiet()
    sitting.when(run_out, RunOut(told.minutes_due)).quiet()


def test_whoever_chaired_signs_after_the_office_has_reviewed() -> None:
    minutes_drafted: MinutesDrafted = drafted().model_copy(
        update={"body": "council", "chair": begun().chair, "drafted_by": "clerk"}
    )
    minutes = scenario(MINUTES, rules()).given(minutes_drafted)
    minutes.when(sign, Sign(PersonId("head"))).refused(steps_before_the_signature="5")
    reviewed = minutes.when(take_step, TakeStep(OFFICE, "无误")).events[0]
    assert isinstance(reviewed, MinutesStepTaken)
    after = minutes.given(reviewed)
    after.when(take_step, TakeStep(PersonId("head"))).refused(signature_is_sign="5")
    signed = after.when(sign, Sign(PersonId("head"))).under("HB-5-1").events[0]
    assert isinstance(signed, MinutesSigned)
    assert (signed.taken.step, signed.taken.capacity) == (1, Capacity.OWN)
    after.when(sign, Sign(PersonId("deputy_a"))).forbidden("not_your_step")


def test_the_clock_for_minutes_stands_still_goes_on_and_is_extended_with_its_cause() -> None:
    """The day they were due first is kept; only the office of the body moves it, and only while it runs."""
    settled = DecisionRecorded(sitting_id=THE_THING, decision=decision(), body="council")
    sitting = scenario(SITTING, rules()).given(called(), begun(), settled)
    closed = sitting.when(close, Close(OFFICE, NOW)).events[0]
    assert isinstance(closed, SittingClosed)
    sitting.when(suspend, Suspend(OFFICE, "等待批复")).refused("sitting_not_closed")
    ended = scenario(SITTING, rules(at("2022-01-21"))).given(called(), begun(), settled, closed)
    ended.when(suspend, Suspend(WORKS, "等待批复")).forbidden("not_the_organiser")
    ended.when(suspend, Suspend(OFFICE, "等待批复", issued=True)).refused("minutes_issued_already")
    ended.when(resume, Resume(OFFICE)).refused(clock_does_not_stand="5")
    stood = ended.when(suspend, Suspend(OFFICE, "等待批复")).under("HB-5-2").events[0]
    assert isinstance(stood, MinutesClockSuspended)
    later = scenario(SITTING, rules(at("2022-01-25"))).given(called(), begun(), settled, closed, stood)
    later.when(suspend, Suspend(OFFICE, "再次")).refused(clock_stands_already="5")
    going = later.when(resume, Resume(OFFICE)).under("HB-5-2").events[0]
    assert isinstance(going, MinutesClockResumed)
    assert going.was.stood[0].cause == "等待批复"
    first = closed.minutes_due
    assert first is not None
    assert going.now.due_on > first.due_on
    on = later.given(going)
    longer = on.when(extend, Extend(OFFICE, 2, "附件需核对")).under("HB-5-2").events[0]
    assert isinstance(longer, MinutesClockExtended)
    assert (longer.now.extended_from, longer.now.due_on > going.now.due_on) == (going.now.due_on, True)
    assert on.given(longer).state.due == longer.now
    on.when(extend, Extend(OFFICE, date(2022, 1, 20), "提前")).refused(extension_not_later="5")
