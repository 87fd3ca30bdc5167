"""What becomes of an entry beside its way to the public: described, laid open, repealed, withdrawn, looked at again."""

import hashlib
from dataclasses import replace
from datetime import date

from chancery.events.disclosure import (
    EntryDescribed,
    EntryLinked,
    EntryPrepared,
    EntryWithdrawn,
    Reassessed,
    ReassessmentOverdue,
    ReassessmentSet,
    SecrecyReviewed,
    TextLaidOpen,
    ValidityDeclared,
)
from chancery.events.parts import PaperRef
from disclosure_svc.days import BY_HAND, set_by_hand
from disclosure_svc.entry.change_validity import ChangeValidity, Link, change_validity, link
from disclosure_svc.entry.describe import Describe, describe
from disclosure_svc.entry.lay_open import LayOpen, lay_open
from disclosure_svc.entry.prepare import Prepare, prepare
from disclosure_svc.entry.publish import publish
from disclosure_svc.entry.reassess import (
    REASSESSMENT,
    LookRunOut,
    Reassess,
    SetReassessment,
    look_run_out,
    reassess,
    set_reassessment,
)
from disclosure_svc.entry.review_secrecy import ReviewSecrecy, review_secrecy
from disclosure_svc.entry.state import ENTRY
from disclosure_svc.entry.withdraw import Withdraw, withdraw
from disclosure_svc.reactions.on_validity_declared import ON_VALIDITY_DECLARED
from tests.beside.test_decisions import with_the_law
from tests.disclosure.test_entry import EXPLAINED, HONGKOU, NUMBERED, PUBLISHED, PUBLISHING, REVIEWED, prepared
from tests.hongkou import CLERK, FINANCE_HEAD, JUSTICE_HEAD, an_id, at
from tests.recorded import recorded
from tests.scenario import THE_THING, scenario
from tests.supervision.examples import DOCUMENT, ISSUED_AT, MATTER, issued

WORDS = "第一条 略。\n第二条 略。\n"
HASH = hashlib.sha256(WORDS.encode()).hexdigest()
PLAIN = PaperRef(kind="text", name="正文.txt", sha256=HASH, size=len(WORDS.encode()), media_type="text/plain")
PRINTED = PaperRef(kind="text", name="正文.pdf", sha256="c" * 64, size=9000, media_type="application/pdf")
NEWER = an_id(77)
PUBLIC = scenario(ENTRY, HONGKOU).given(prepared(), NUMBERED, REVIEWED, EXPLAINED, PUBLISHED)
CLOSED = prepared(attribute="withheld", ground="work_secret", needs=(), channels=())


def laid(*, exact: bool) -> TextLaidOpen:
    size = len(WORDS.encode())
    return TextLaidOpen(entry_id=THE_THING, text=WORDS, sha256=HASH, size=size, exact=exact, laid_by=JUSTICE_HEAD)


# -- described and laid open ------------------------------------------------------------------


def test_the_lead_unit_describes_until_it_is_public_and_then_the_office() -> None:
    told = EntryDescribed(entry_id=THE_THING, summary="怎样开会", keywords=("规则",), described_by=JUSTICE_HEAD)
    command = Describe(JUSTICE_HEAD, "怎样开会", ("规则",))
    entry = scenario(ENTRY, HONGKOU).given(prepared())
    entry.when(describe, command).then(told)
    entry.given(told).when(describe, replace(command, by=CLERK)).quiet()
    entry.when(describe, replace(command, by=FINANCE_HEAD)).forbidden("not_of_office_or_lead")
    PUBLIC.when(describe, command).forbidden("not_of_the_office")
    PUBLIC.when(describe, replace(command, by=CLERK)).then(told.model_copy(update={"described_by": CLERK}))
    scenario(ENTRY, HONGKOU).when(describe, command).refused("not_found")


def test_only_the_very_bytes_of_a_plain_text_are_laid_open() -> None:
    entry = scenario(ENTRY, HONGKOU).given(prepared(text=PLAIN))
    entry.when(lay_open, LayOpen(JUSTICE_HEAD, WORDS)).then(laid(exact=True))
    entry.given(laid(exact=True)).when(lay_open, LayOpen(JUSTICE_HEAD, WORDS)).quiet()
    entry.when(lay_open, LayOpen(JUSTICE_HEAD, WORDS + "。")).refused("text_differs")
    entry.when(lay_open, LayOpen(FINANCE_HEAD, WORDS)).forbidden("not_of_office_or_lead")


def test_of_a_printed_text_a_copy_for_reading_is_taken_and_of_a_closed_one_nothing() -> None:
    printed = scenario(ENTRY, HONGKOU).given(prepared(text=PRINTED))
    printed.when(lay_open, LayOpen(JUSTICE_HEAD, WORDS)).then(laid(exact=False))
    scenario(ENTRY, HONGKOU).given(CLOSED).when(lay_open, LayOpen(CLERK, WORDS)).refused("not_for_publication")
    PUBLIC.when(lay_open, LayOpen(CLERK, WORDS)).refused("published_already")


# -- validity, with links both ways ---------------------------------------------------------------

SUPERSEDED = ChangeValidity(CLERK, "superseded", date(2022, 1, 21), "新规则施行", NEWER, by_public=True)
CHANGED = ValidityDeclared(
    entry_id=THE_THING,
    matter_id=MATTER,
    validity="superseded",
    from_on=date(2022, 1, 21),
    reason="新规则施行",
    by_entry=NEWER,
    changed_by=CLERK,
)


def test_what_supersedes_is_another_public_document_and_carries_the_link_back() -> None:
    PUBLIC.when(change_validity, SUPERSEDED).then(CHANGED)
    PUBLIC.when(change_validity, replace(SUPERSEDED, by=JUSTICE_HEAD)).forbidden("not_of_the_office")
    PUBLIC.when(change_validity, replace(SUPERSEDED, by_entry=None)).refused("superseded_by_nothing")
    PUBLIC.when(change_validity, replace(SUPERSEDED, by_public=False)).refused("not_the_other_document")
    PUBLIC.when(change_validity, replace(SUPERSEDED, by_entry=THE_THING)).refused("not_the_other_document")
    PUBLIC.when(change_validity, replace(SUPERSEDED, from_on=date(2022, 1, 22))).refused("validity_day_ahead")
    PUBLIC.given(CHANGED).when(change_validity, SUPERSEDED).refused("validity_as_before")
    [order] = ON_VALIDITY_DECLARED.react(recorded(CHANGED), HONGKOU)
    assert (order.stream, order.command) == (NEWER, Link(THE_THING, "supersedes"))


def test_repealed_without_a_successor_and_in_force_after_all() -> None:
    repeal = replace(SUPERSEDED, validity="repealed", by_entry=None, by_public=False)
    told = CHANGED.model_copy(update={"validity": "repealed", "by_entry": None})
    PUBLIC.when(change_validity, repeal).then(told)
    assert ON_VALIDITY_DECLARED.react(recorded(told), HONGKOU) == []
    back = replace(repeal, validity="in_force", reason="登记有误")
    PUBLIC.when(change_validity, back).refused("validity_as_before")
    restored = told.model_copy(update={"validity": "in_force", "reason": "登记有误", "was_by": NEWER})
    PUBLIC.given(CHANGED).when(change_validity, back).then(restored)
    [order] = ON_VALIDITY_DECLARED.react(recorded(restored), HONGKOU)
    assert (order.stream, order.command) == (NEWER, Link(THE_THING, "none"))


def test_a_link_is_carried_once_and_taken_back_once() -> None:
    linked = EntryLinked(entry_id=THE_THING, other=NEWER, relation="repeals")
    PUBLIC.when(link, Link(NEWER, "repeals")).then(linked)
    PUBLIC.given(linked).when(link, Link(NEWER, "repeals")).quiet()
    none = linked.model_copy(update={"relation": "none"})
    PUBLIC.given(linked).when(link, Link(NEWER, "none")).then(none)
    PUBLIC.when(link, Link(NEWER, "none")).quiet()
    scenario(ENTRY, HONGKOU).when(link, Link(NEWER, "repeals")).quiet()


def test_what_is_not_public_has_no_validity_to_change() -> None:
    scenario(ENTRY, HONGKOU).given(prepared()).when(change_validity, SUPERSEDED).refused("not_public_yet")


# -- withdrawn --------------------------------------------------------------------------------------


def test_a_withdrawn_entry_leaves_its_number_and_the_reason_and_nothing_follows() -> None:
    command = Withdraw(CLERK, "内容有误", at("2022-01-24", 9))
    gone = EntryWithdrawn(
        entry_id=THE_THING,
        matter_id=MATTER,
        document_id=DOCUMENT,
        index_number="AD2022-00001",
        reason="内容有误",
        withdrawn_by=CLERK,
        withdrawn_at=command.at,
        withdrawn_on=date(2022, 1, 24),
    )
    PUBLIC.when(withdraw, command).then(gone)
    PUBLIC.when(withdraw, replace(command, by=JUSTICE_HEAD)).forbidden("not_of_the_office")
    scenario(ENTRY, HONGKOU).given(prepared(), NUMBERED).when(withdraw, command).refused("not_public_yet")
    after = PUBLIC.given(gone)
    after.when(withdraw, command).refused("entry_withdrawn")
    after.when(publish, PUBLISHING).refused("entry_withdrawn")
    after.when(describe, Describe(CLERK, "x")).refused("entry_withdrawn")
    after.when(change_validity, SUPERSEDED).refused("entry_withdrawn")


# -- looked at again ----------------------------------------------------------------------------------


def test_where_no_rule_has_a_period_the_office_sets_the_day() -> None:
    """虹口2022 and the Regulation: from time to time, without a number."""
    due = set_by_hand(REASSESSMENT, date(2022, 6, 30), ISSUED_AT, HONGKOU)
    assert (due.rule, due.clauses, due.due_on) == (BY_HAND, (), date(2022, 6, 30))
    told = ReassessmentSet(entry_id=THE_THING, due=due, set_by=CLERK)
    closed = scenario(ENTRY, HONGKOU).given(CLOSED)
    closed.when(set_reassessment, SetReassessment(CLERK, date(2022, 6, 30))).then(told)
    closed.given(told).when(set_reassessment, SetReassessment(CLERK, date(2022, 6, 30))).quiet()
    closed.when(set_reassessment, SetReassessment(CLERK, date(2022, 1, 20))).refused("day_has_passed")
    closed.when(set_reassessment, SetReassessment(JUSTICE_HEAD, date(2022, 6, 30))).forbidden("not_of_the_office")
    open_one = scenario(ENTRY, HONGKOU).given(prepared())
    open_one.when(set_reassessment, SetReassessment(CLERK, date(2022, 6, 30))).refused("open_anyway")
    overdue = ReassessmentOverdue(entry_id=THE_THING, matter_id=MATTER, due=due)
    closed.given(told).when(look_run_out, LookRunOut(due)).then(overdue)
    closed.given(told, overdue).when(look_run_out, LookRunOut(due)).quiet()
    closed.when(look_run_out, LookRunOut(due)).quiet()


def test_it_stays_closed_on_a_ground_of_the_rules_or_is_opened_with_all_that_open_ones_need() -> None:
    """虹口2022 二十七, 六十四: reviewed again before it goes out."""
    closed = scenario(ENTRY, HONGKOU).given(CLOSED, NUMBERED, REVIEWED, EXPLAINED)
    closed.when(reassess, Reassess(CLERK, "再看", "no_such_word")).refused("no_such_ground")
    kept = Reassess(CLERK, "仍在办理中", "process_information", date(2022, 12, 30))
    due = set_by_hand(REASSESSMENT, date(2022, 12, 30), ISSUED_AT, HONGKOU)
    stays = Reassessed(
        entry_id=THE_THING,
        matter_id=MATTER,
        opened=False,
        ground="process_information",
        note="仍在办理中",
        next_due=due,
        assessed_by=CLERK,
    )
    closed.when(reassess, kept).then(stays)
    opening = closed.when(reassess, Reassess(CLERK, "敏感期已过")).under("HK-27-1", "HK-31-1").events[0]
    assert isinstance(opening, Reassessed)
    assert (opening.opened, opening.needs) == (True, ("secrecy_review", "interpretation"))
    now = closed.given(opening)
    now.when(publish, PUBLISHING).refused(needs_secrecy_review="27")
    again = SecrecyReviewed(entry_id=THE_THING, passed=True, reviewer=CLERK)
    now.when(review_secrecy, ReviewSecrecy(CLERK, True)).then(again)
    told = now.given(again).when(publish, PUBLISHING).events
    assert [event.event_name for event in told] == ["disclosure.published"]
    now.when(reassess, kept).refused("open_anyway")


def test_where_the_law_is_beside_and_a_period_is_set_the_day_comes_by_itself() -> None:
    """政府信息公开条例 18: from time to time; the period is the tenant's."""
    both = with_the_law(HONGKOU)
    withheld = issued(attribute="withheld", ground="work_secret")
    assert len(scenario(ENTRY, both).when(prepare, Prepare(withheld)).events) == 1
    period = {**both.pack.head.settings, "reassessment_period": {"n": 12, "unit": "month"}}
    head = both.pack.head.model_copy(update={"settings": period})
    yearly = replace(both, pack=replace(both.pack, head=head))
    entry, told = scenario(ENTRY, yearly).when(prepare, Prepare(withheld)).events
    assert isinstance(entry, EntryPrepared)
    assert isinstance(told, ReassessmentSet)
    assert (told.due.rule, told.due.clauses) == ("withheld-reassessed", ("NB-18-disclosure",))
    assert (told.due.due_on, told.set_by) == (date(2023, 1, 21), None)
    kept = Reassess(CLERK, "仍须保密", "work_secret")
    again = scenario(ENTRY, yearly).given(entry, told).when(reassess, kept).events[0]
    assert isinstance(again, Reassessed)
    assert again.next_due == told.due
    assert len(scenario(ENTRY, yearly).when(prepare, Prepare(issued())).events) == 1
