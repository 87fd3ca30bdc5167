"""Catalogue entries: prepared by themselves, reviewed, explained, published when nothing is missing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import reduce
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.events.disclosure import (
    EntryEvent,
    EntryNumbered,
    EntryPrepared,
    IndexAssigned,
    InterpretationAttached,
    NeedMet,
    Origin,
    PublicationOverdue,
    Published,
    SecrecyReviewed,
)
from chancery.events.openness import AttributeRefused
from chancery.events.parts import PaperRef
from chancery.names import PersonId
from chancery.refusal import Refused
from disclosure_svc.entry.attach_interpretation import AttachInterpretation, attach_interpretation
from disclosure_svc.entry.meet_need import MeetNeed, meet_need
from disclosure_svc.entry.number import CarryIndex, carry_index
from disclosure_svc.entry.prepare import Prepare, prepare
from disclosure_svc.entry.publish import Publish, publish
from disclosure_svc.entry.review_secrecy import ReviewSecrecy, review_secrecy
from disclosure_svc.entry.run_out import RunOut, run_out
from disclosure_svc.entry.state import ENTRY, Entry
from disclosure_svc.index.assign import AssignIndex, assign_index
from disclosure_svc.index.state import INDEX
from disclosure_svc.reactions.on_document_issued import ON_DOCUMENT_ISSUED
from disclosure_svc.reactions.on_entry_prepared import ON_ENTRY_PREPARED, ON_INDEX_ASSIGNED
from tests import orchard
from tests.hongkou import CLERK, FINANCE_HEAD, JUSTICE_CLERK, JUSTICE_HEAD, MAYOR, an_id, at, rules
from tests.recorded import recorded
from tests.scenario import THE_THING, scenario
from tests.supervision.examples import DOCUMENT, ISSUED_AT, MATTER, MINUTES, issued

HONGKOU = rules(ISSUED_AT)
ORCHARD = orchard.rules(ISSUED_AT)
PAPER = PaperRef(kind="interpretation", name="jiedu.txt", sha256="0" * 64, size=900, media_type="text/plain")
NUMBERED = EntryNumbered(entry_id=THE_THING, index_number="AD2022-00001")
REVIEWED = SecrecyReviewed(entry_id=THE_THING, passed=True, reviewer=JUSTICE_HEAD)
EXPLAINED = InterpretationAttached(
    entry_id=THE_THING, title="《区政府工作规则》解读", paper=PAPER, attached_by=JUSTICE_HEAD
)
PUBLISHING = Publish(CLERK, at("2022-01-21", 16))
PUBLISHED = Published(
    entry_id=THE_THING,
    matter_id=MATTER,
    document_id=DOCUMENT,
    index_number="AD2022-00001",
    title="区政府工作规则",
    number="虹府发〔2022〕3号",
    channels=("portal_shanghai_hongkou", "government_new_media", "district_gazette"),
    published_at=PUBLISHING.at,
    published_on=date(2022, 1, 21),
    origin=Origin(minutes_id=MINUTES, decision_no=1),
    kind="normative_document",
    unit="justice_bureau",
)


def prepared(**more: object) -> EntryPrepared:
    event = EntryPrepared(
        entry_id=THE_THING,
        matter_id=MATTER,
        document_id=DOCUMENT,
        title="区政府工作规则",
        number="虹府发〔2022〕3号",
        kind="normative_document",
        issuer="district_government",
        lead_unit="justice_bureau",
        decided_by="executive",
        issued_on=date(2022, 1, 21),
        attribute="proactive",
        needs=("secrecy_review", "interpretation"),
        channels=("portal_shanghai_hongkou", "government_new_media", "district_gazette"),
        origin=Origin(minutes_id=MINUTES, decision_no=1),
    )
    return event.model_copy(update=more)


# -- prepared -----------------------------------------------------------------------------


def test_an_issued_document_prepares_its_entry() -> None:
    """虹口2022 十八, 二十七, 二十八, 三十一: review and interpretation, three channels, no number of days."""
    told = scenario(ENTRY, HONGKOU).when(prepare, Prepare(issued()))
    told.then(prepared()).under("HK-18-7", "HK-27-1", "HK-28-1", "HK-29-1", "HK-31-1")
    scenario(ENTRY, HONGKOU).given(prepared()).when(prepare, Prepare(issued())).quiet()


def test_a_withheld_document_gets_an_entry_with_its_ground_and_no_channel() -> None:
    """虹口2022 二十七, 六十四: the ground is kept; one in somebody's own words is none of those listed."""
    withheld = issued(attribute="withheld", ground="work_secret")
    entry = prepared(attribute="withheld", ground="work_secret", needs=(), channels=())
    scenario(ENTRY, HONGKOU).when(prepare, Prepare(withheld)).then(entry).under("HK-27-1", "HK-64-1")
    own_words = issued(attribute="withheld", ground="写在稿纸上的理由")
    scenario(ENTRY, HONGKOU).when(prepare, Prepare(own_words)).then(
        entry.model_copy(update={"ground": "写在稿纸上的理由"}),
        AttributeRefused(entry_id=THE_THING, matter_id=MATTER, attribute="withheld", ground="写在稿纸上的理由"),
    )


def test_words_of_other_rules_are_not_known_and_stop_nothing() -> None:
    """A document may have been issued under rules that were in force before."""
    strange = issued(kind="edict_of_old", in_name_of="prefecture", features=("ancient",))
    entry = scenario(ENTRY, HONGKOU).when(prepare, Prepare(strange)).events[0]
    assert isinstance(entry, EntryPrepared)
    assert (entry.kind, entry.needs) == ("edict_of_old", ("secrecy_review",))


def test_where_a_row_sets_days_they_are_counted_from_the_issue() -> None:
    """果园 五: five working days after Friday 21 January, three days of Spring Festival apart."""
    out = issued(kind="rules", lead_unit="works", founding=None, in_name_of="district")
    entry = scenario(ENTRY, ORCHARD).when(prepare, Prepare(out)).under("OR-5-1").events[0]
    assert isinstance(entry, EntryPrepared)
    assert entry.due is not None
    assert (entry.due.due_on, entry.due.rule, entry.origin) == (date(2022, 1, 28), "open", None)


# -- reviewed, explained, published -----------------------------------------------------------


def test_everything_that_is_missing_is_named_at_once_with_its_clauses() -> None:
    """虹口2022 二十七, 三十一."""
    bare = scenario(ENTRY, HONGKOU).given(prepared())
    bare.when(publish, PUBLISHING).refused("needs_index_number", needs_secrecy_review="27", needs_interpretation="31")
    bare.given(NUMBERED, REVIEWED).when(publish, PUBLISHING).refused(needs_interpretation="31")
    failed = SecrecyReviewed(entry_id=THE_THING, passed=False, reviewer=JUSTICE_HEAD, note="有内部信息")
    bare.given(NUMBERED, EXPLAINED, failed).when(publish, PUBLISHING).refused(needs_secrecy_review="27")
    scenario(ENTRY, HONGKOU).when(publish, PUBLISHING).refused("not_found")


def test_with_everything_there_the_office_publishes() -> None:
    ready = scenario(ENTRY, HONGKOU).given(prepared(), NUMBERED, REVIEWED, EXPLAINED)
    ready.when(publish, PUBLISHING).then(PUBLISHED).under("HK-27-1", "HK-31-1")
    ready.when(publish, replace(PUBLISHING, by=JUSTICE_HEAD)).forbidden("not_of_the_office")
    after = ready.given(PUBLISHED)
    after.when(publish, PUBLISHING).refused("published_already")
    after.when(review_secrecy, ReviewSecrecy(JUSTICE_HEAD, False)).refused("published_already")
    after.when(attach_interpretation, AttachInterpretation(JUSTICE_HEAD, "再解读", PAPER)).refused("published_already")


def test_what_is_withheld_or_given_on_request_is_never_published() -> None:
    for attribute in ("withheld", "on_request"):
        entry = prepared(attribute=attribute, ground="work_secret", needs=(), channels=())
        there = scenario(ENTRY, HONGKOU).given(entry, NUMBERED, REVIEWED, EXPLAINED)
        there.when(publish, PUBLISHING).refused(not_for_publication="27")


def test_the_lead_unit_or_the_office_reviews_and_explains() -> None:
    """A review that does not pass is a fact as well."""
    entry = scenario(ENTRY, HONGKOU).given(prepared())
    entry.when(review_secrecy, ReviewSecrecy(JUSTICE_HEAD, True)).then(REVIEWED)
    entry.when(review_secrecy, ReviewSecrecy(CLERK, True)).then(REVIEWED.model_copy(update={"reviewer": CLERK}))
    refused = SecrecyReviewed(entry_id=THE_THING, passed=False, reviewer=JUSTICE_CLERK, note="含内部信息")
    entry.when(review_secrecy, ReviewSecrecy(JUSTICE_CLERK, False, "含内部信息")).then(refused)
    entry.when(review_secrecy, ReviewSecrecy(FINANCE_HEAD, True)).forbidden("not_of_office_or_lead")
    explaining = AttachInterpretation(JUSTICE_HEAD, "《区政府工作规则》解读", PAPER)
    entry.when(attach_interpretation, explaining).then(EXPLAINED)
    entry.when(attach_interpretation, replace(explaining, by=MAYOR)).forbidden("not_of_office_or_lead")
    scenario(ENTRY, HONGKOU).when(review_secrecy, ReviewSecrecy(CLERK, True)).refused("not_found")


def test_other_things_that_rules_want_are_brought_by_name() -> None:
    """A need with no verb of its own stands in the way until it is met, and only such a need is taken."""
    entry = scenario(ENTRY, HONGKOU).given(prepared(needs=("release_review",)), NUMBERED)
    entry.when(publish, PUBLISHING).refused("needs_release_review")
    bring = MeetNeed(JUSTICE_HEAD, "release_review", "审核单第5号")
    met = NeedMet(entry_id=THE_THING, need="release_review", reference="审核单第5号", met_by=JUSTICE_HEAD)
    entry.when(meet_need, bring).then(met)
    entry.given(met).when(meet_need, bring).quiet()
    entry.when(meet_need, replace(bring, need="secrecy_review")).refused("not_needed")
    entry.when(meet_need, replace(bring, need="expert_argument")).refused("not_needed")
    entry.when(meet_need, replace(bring, by=FINANCE_HEAD)).forbidden("not_of_office_or_lead")
    told = entry.given(met).when(publish, PUBLISHING).events
    assert [event.event_name for event in told] == ["disclosure.published"]


def test_the_gates_of_publication_count_beside_the_entrys_own_needs() -> None:
    """虹口2022 三十一: a policy that needs explaining is explained, whatever was asked when it was prepared."""
    policy = prepared(kind="notice", needs=("secrecy_review",), features=("needs_interpretation",))
    entry = scenario(ENTRY, HONGKOU).given(policy, NUMBERED, REVIEWED)
    entry.when(publish, PUBLISHING).refused(needs_interpretation="31")
    entry.given(EXPLAINED).when(publish, PUBLISHING).under("HK-31-1")


def test_the_day_that_passed_is_told_once() -> None:
    out = issued(kind="rules", lead_unit="works", founding=None)
    [entry] = scenario(ENTRY, ORCHARD).when(prepare, Prepare(out)).events
    assert isinstance(entry, EntryPrepared)
    assert entry.due is not None
    overdue = PublicationOverdue(entry_id=THE_THING, matter_id=MATTER, due=entry.due)
    there = scenario(ENTRY, ORCHARD).given(entry)
    there.when(run_out, RunOut(entry.due)).then(overdue)
    there.given(overdue).when(run_out, RunOut(entry.due)).quiet()
    there.given(PUBLISHED).when(run_out, RunOut(entry.due)).quiet()


# -- numbers ------------------------------------------------------------------------------------


def assigned(seq: int, number: str, entry: int) -> IndexAssigned:
    return IndexAssigned(series="2022", year=2022, seq=seq, index_number=number, entry_id=an_id(entry))


def test_index_numbers_follow_each_other_by_the_packs_pattern() -> None:
    """No gap, no reuse; the same entry keeps its own."""
    first = assigned(1, "AD2022-00001", 61)
    catalogue = scenario(INDEX, HONGKOU)
    catalogue.when(assign_index, AssignIndex(an_id(61), 2022)).then(first)
    catalogue.given(first).when(assign_index, AssignIndex(an_id(61), 2022)).quiet()
    catalogue.given(first).when(assign_index, AssignIndex(an_id(62), 2022)).then(assigned(2, "AD2022-00002", 62))
    scenario(INDEX, ORCHARD).when(assign_index, AssignIndex(an_id(61), 2022)).then(assigned(1, "OR/2022/001", 61))


def test_an_entry_carries_the_number_it_was_given_and_no_other() -> None:
    entry = scenario(ENTRY, HONGKOU).given(prepared())
    entry.when(carry_index, CarryIndex("AD2022-00001")).then(NUMBERED)
    entry.given(NUMBERED).when(carry_index, CarryIndex("AD2022-00002")).quiet()
    scenario(ENTRY, HONGKOU).when(carry_index, CarryIndex("AD2022-00001")).quiet()


# -- what we do when others speak --------------------------------------------------------------------


def test_the_same_document_twice_is_the_same_entry_and_the_same_number() -> None:
    orders = [ON_DOCUMENT_ISSUED.react(recorded(issued()), HONGKOU) for _ in range(2)]
    assert orders[0] == orders[1]
    [order] = orders[0]
    assert (order.decide, order.command, order.matter) == (prepare, Prepare(issued()), MATTER)
    [asks] = ON_ENTRY_PREPARED.react(recorded(prepared()), HONGKOU)
    assert (asks.decide, asks.command) == (assign_index, AssignIndex(THE_THING, 2022))
    elsewhere = ON_ENTRY_PREPARED.react(recorded(prepared(), tenant="neighbour"), HONGKOU)
    assert elsewhere[0].stream != asks.stream
    [carries] = ON_INDEX_ASSIGNED.react(recorded(assigned(1, "AD2022-00001", 61)), HONGKOU)
    assert (carries.decide, carries.command, carries.stream) == (carry_index, CarryIndex("AD2022-00001"), an_id(61))


# -- whatever happens -----------------------------------------------------------------------------------

PEOPLE = st.sampled_from([CLERK, JUSTICE_HEAD, FINANCE_HEAD])


def reviews(by: PersonId, passed: bool) -> tuple[Any, Any]:
    return review_secrecy, ReviewSecrecy(by, passed)


def explains(by: PersonId) -> tuple[Any, Any]:
    return attach_interpretation, AttachInterpretation(by, "解读", PAPER)


def publishes(by: PersonId) -> tuple[Any, Any]:
    return publish, replace(PUBLISHING, by=by)


ACTS = st.lists(
    st.one_of(
        st.just((prepare, Prepare(issued()))),
        st.just((carry_index, CarryIndex("AD2022-00001"))),
        st.builds(reviews, PEOPLE, st.booleans()),
        st.builds(explains, PEOPLE),
        st.builds(publishes, PEOPLE),
    ),
    max_size=14,
)


@settings(deadline=None, max_examples=300)
@given(ACTS)
def test_in_whatever_order_nothing_is_public_before_all_is_there(acts: Sequence[tuple[Any, Any]]) -> None:
    entry, events = Entry(THE_THING), list[EntryEvent]()
    for decide, command in acts:
        try:
            found = decide(command, entry, HONGKOU)
        except Refused:
            continue
        for one in found:
            if isinstance(one.event, Published):
                assert entry.reviewed is not None
                assert entry.reviewed.passed
                assert entry.interpretation is not None
                assert entry.index_number == one.event.index_number
            events.append(one.event)
            entry = ENTRY.evolve(entry, one.event)
    assert [event.event_name for event in events].count("disclosure.published") <= 1
    assert reduce(ENTRY.evolve, events, Entry(THE_THING)) == entry
    if entry.published is not None:
        assert events[-1] == entry.published
