"""Who is meant, on the moment of the step; nobody is a state with a name."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chancery.events.attendance import ActingEnded, AppointmentEnded, AppointmentMade, PortfolioAssigned
from chancery.names import Capacity
from chancery.rules.resolve import Case, covers
from tests.rules.small import NOW, acting, made, mandate, roster, rules, who

CASE = Case(
    lead_unit="works",
    units_involved=("works", "purse"),
    raiser="gus",
    applicant="ed",
    chair="bo",
    convener="cy",
    subjects=("roads",),
)


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ({"post": "head"}, "ann"),
        ({"post": "deputy"}, "bo cy"),
        ({"post": "chief"}, "di ed flo ida"),
        ({"group": "leaders"}, "ann bo cy"),
        ({"group": "leaders", "except": ["deputy"]}, "ann"),
        ({"group": "leaders", "except": ["leaders"]}, ""),
        ({"unit": "works"}, "ed gus"),
        ({"in_charge_of": "item"}, "bo"),
        ({"in_charge_of": "doc"}, "bo"),
        ({"in_charge_of": "unit"}, "bo"),
        ({"in_charge_of": "subject"}, "bo"),
        ({"in_charge_of": "other_portfolios"}, "cy"),
        ({"head_of": "lead_unit"}, "ed"),
        ({"head_of": "involved_unit"}, "ed flo"),
        ({"responsible_of": "involved_unit"}, "ed flo"),
        ({"assistant_of": {"in_charge_of": "item"}}, "di"),
        ({"chair_of": "sitting"}, "bo"),
        ({"convener_of": "sitting"}, "cy"),
        ({"raiser_of": "item"}, "gus"),
        ({"applicant": "self"}, "ed"),
        ({"any": [{"post": "head"}, {"in_charge_of": "doc"}]}, "ann bo"),
        ({"all": [{"post": "head"}, {"post": "office_chief"}]}, "ann di"),
        ({"each": {"post": "deputy"}}, "bo cy"),
        ({"counterpart_of": "partner", "prefer": {"post": "head"}}, "ann"),
    ],
)
def test_a_selector_names_its_people(tmp_path: Path, written: dict[str, Any], people: str) -> None:
    found = who(rules(made(tmp_path)), written, CASE)
    assert " ".join(sorted(found.people())) == people
    assert found.every == bool({"all", "each"} & set(written))


@pytest.mark.parametrize(
    ("written", "case", "why"),
    [
        ({"post": "head"}, CASE, "vacant"),
        ({"external": "province"}, CASE, "outside"),
        ({"counterpart_of": "partner"}, CASE, "outside"),
        ({"in_charge_of": "item"}, Case(lead_unit="office"), "nobody_in_charge"),
        ({"in_charge_of": "other_portfolios"}, Case(lead_unit="works"), "none_other"),
        ({"head_of": "lead_unit"}, Case(), "nobody_named"),
        ({"head_of": "involved_unit"}, Case(), "none_other"),
        ({"head_of": "lead_unit"}, Case(lead_unit="nowhere"), "vacant"),
        ({"chair_of": "sitting"}, Case(), "nobody_named"),
        ({"chosen_by": {"post": "head"}, "among": {"post": "deputy"}}, CASE, "nobody_named"),
        ({"assistant_of": {"post": "head"}}, CASE, "nobody_named"),
    ],
)
def test_nobody_is_a_state_with_a_reason(tmp_path: Path, written: dict[str, Any], case: Case, why: str) -> None:
    found = who(rules(made(tmp_path), roster(without="ann")), written, case)
    assert (found.holders, found.nobody) == ((), why)


def test_of_all_who_have_to_act_a_vacant_one_is_seen(tmp_path: Path) -> None:
    here = rules(made(tmp_path), roster(without="flo"))
    found = who(here, {"each": {"head_of": "involved_unit"}}, CASE)
    assert (found.people(), found.every, found.nobody) == ({"ed"}, True, "vacant")
    both = who(here, {"all": [{"head_of": "lead_unit"}, {"external": "province"}]}, CASE)
    assert (both.people(), both.nobody) == ({"ed"}, "outside")


def test_a_holder_acts_through_whoever_acts_for_him(tmp_path: Path) -> None:
    people = roster(acting("bo"))
    [standing] = who(rules(made(tmp_path), people), {"post": "head"}, act="sign").holders
    assert (standing.person, standing.capacity, standing.acts_for, standing.post) == (
        "bo",
        Capacity.ACTING,
        "ann",
        "head",
    )
    before = rules(made(tmp_path), people, NOW - timedelta(seconds=1))
    assert who(before, {"post": "head"}, act="sign").people() == {"ann"}
    back = people.after(
        ActingEnded(acting_id="bo_for_ann", principal_id="ann", post="head", actor_id="bo", ended_at=NOW + timedelta(1))
    )
    assert who(rules(made(tmp_path), back, NOW + timedelta(1)), {"post": "head"}).people() == {"ann"}


@pytest.mark.parametrize(
    ("scope", "excludes", "act", "how", "acts"),
    [
        (("preside",), (), "sign", "allowed", True),
        (("whole_office",), (), "chair", "allowed", True),
        (("preside",), ("sign",), "sign", "allowed", False),
        (("preside",), ("chair@council",), "chair@council", "allowed", False),
        (("preside",), ("chair@council",), "chair@huddle", "allowed", True),
        (("preside",), ("chair",), "chair@council", "allowed", False),
        (("sign",), (), "sign", "allowed", True),
        (("sign",), (), "consent", "allowed", False),
        (("preside",), (), "sign", "listed_only", False),
        (("preside", "sign"), (), "sign", "listed_only", True),
        (("chair",), (), "chair@council", "listed_only", True),
        (("preside", "sign"), (), "sign", "never", False),
    ],
)
def test_a_mandate_covers_what_its_scope_says(
    tmp_path: Path, scope: tuple[str, ...], excludes: tuple[str, ...], act: str, how: str, acts: bool
) -> None:
    if how != "never":
        assert covers(frozenset(scope), excludes, act, how) == acts
    here = rules(made(tmp_path), roster(acting("bo", scope=scope, excludes=excludes)))
    assert who(here, {"post": "head"}, act=act, acting=how).people() == ({"bo"} if acts else {"ann"})


def test_those_chosen_are_named_for_it_or_hold_a_mandate(tmp_path: Path) -> None:
    pack = made(tmp_path)
    chosen = {"chosen_by": {"post": "head"}, "among": {"post": "deputy"}}
    assert who(rules(pack), chosen, Case(chosen=frozenset({"bo", "di"}))).people() == {"bo"}
    assert who(rules(pack, roster(mandate("acting", "ann", "cy"))), chosen).people() == {"cy"}
    assert who(rules(pack, roster(mandate("matter", "ann", "cy"))), chosen).people() == {"cy"}
    assert who(rules(pack, roster(mandate("acting", "bo", "cy"))), chosen).people() == frozenset()
    for_another = mandate("acting", "ann", "cy", reference="bo")
    assert who(rules(pack, roster(for_another)), chosen).people() == frozenset()
    signs = {"authorised_by": {"post": "head"}, "among": {"post": "office_chief"}}
    found = who(rules(pack, roster(mandate("signing", "ann", "di"))), signs)
    assert [(h.person, h.capacity) for h in found.holders] == [("di", Capacity.ENTRUSTED)]
    assert who(rules(pack, roster(mandate("signing", "cy", "di"))), signs).people() == frozenset()


def test_portfolios_move_and_the_past_stays(tmp_path: Path) -> None:
    move = PortfolioAssigned(person_id="cy", units=("purse", "works"), starts_on=date(2024, 6, 1))
    give_up = PortfolioAssigned(person_id="bo", units=("upstream",), starts_on=date(2024, 6, 1))
    people, pack = roster(move, give_up), made(tmp_path)
    case = Case(lead_unit="works")
    last_may, june = (datetime(2024, 5, 31, 15, 59, tzinfo=UTC), datetime(2024, 5, 31, 16, 0, tzinfo=UTC))
    assert who(rules(pack, people, last_may), {"in_charge_of": "doc"}, case).people() == {"bo"}
    assert who(rules(pack, people, june), {"in_charge_of": "doc"}, case).people() == {"cy"}


def test_a_leader_without_a_post_is_in_charge_of_nothing(tmp_path: Path) -> None:
    left = AppointmentEnded(person_id="bo", post="deputy", ended_on=date(2024, 2, 1))
    found = who(rules(made(tmp_path), roster(left)), {"in_charge_of": "doc"}, CASE)
    assert (found.holders, found.nobody) == ((), "nobody_in_charge")


@pytest.mark.parametrize("since", [date(2020, 1, 1), date(2024, 2, 1)])
def test_a_leader_of_two_lines_is_in_charge_in_his_government_post(tmp_path: Path, since: date) -> None:
    """Whichever post came first: who acts for him in the one is seen, the other is not shown."""
    two_lines = """
        head: {zh: 首长, en: head, seats: one}
        deputy: {zh: 副职, en: deputy}
        member: {zh: 党组成员, en: member, line: party}
        chief: {zh: 单位负责人, en: chief of a unit, heads_unit: true}
        bureau_chief: {zh: 局长, en: chief of a bureau, is_a: [chief]}
        office_chief: {zh: 办公室主任, en: chief of the office, seats: one, is_a: [chief]}
        clerk: {zh: 经办, en: clerk}
        """
    pack = made(tmp_path, posts=two_lines)
    joined = AppointmentMade(person_id="bo", post="member", starts_on=since)
    [own] = who(rules(pack, roster(joined)), {"in_charge_of": "doc"}, CASE).holders
    assert (own.person, own.post, own.capacity) == ("bo", "deputy", Capacity.OWN)
    stands_in = acting("cy", "bo", "deputy")
    [other] = who(rules(pack, roster(joined, stands_in)), {"in_charge_of": "doc"}, CASE).holders
    assert (other.person, other.post, other.capacity, other.acts_for) == ("cy", "deputy", Capacity.ACTING, "bo")


def test_one_of_a_kind_counts_for_the_kind_of_its_kind(tmp_path: Path) -> None:
    deeper = """
        head: {zh: 首长, en: head, seats: one}
        deputy: {zh: 副职, en: deputy}
        chief: {zh: 负责人, en: chief, heads_unit: true}
        bureau_chief: {zh: 局长, en: chief of a bureau, is_a: [chief]}
        office_chief: {zh: 主任, en: chief of the office, is_a: [chief]}
        young_chief: {zh: 见习局长, en: young chief, is_a: [bureau_chief]}
        clerk: {zh: 经办, en: clerk}
        """
    joined = AppointmentMade(person_id="jo", post="young_chief", unit="office", starts_on=date(2024, 1, 1))
    here = rules(made(tmp_path, posts=deeper), roster(joined))
    assert "jo" in who(here, {"post": "chief"}).people()
    assert "jo" in who(here, {"head_of": "lead_unit"}, Case(lead_unit="office")).people()


def test_a_mandate_that_refers_to_one_thing_reaches_nothing_else(tmp_path: Path) -> None:
    """One document, one class, one matter; without a reference it reaches every case of the row."""
    pack = made(tmp_path)
    authorised = {"authorised_by": {"post": "head"}}
    one = mandate("signing", "ann", "bo", reference="document-1")
    for refers, people in (({"document-1", "notice"}, "bo"), ({"document-2", "notice"}, ""), ({"document-2"}, "")):
        found = who(rules(pack, roster(one)), authorised, Case(refers=frozenset(refers)))
        assert " ".join(found.people()) == people
    of_a_class = mandate("signing", "ann", "bo", reference="notice")
    assert who(rules(pack, roster(of_a_class)), authorised, Case(refers=frozenset({"x", "notice"}))).people() == {"bo"}
    of_all = mandate("signing", "ann", "bo")
    assert who(rules(pack, roster(of_all)), authorised, Case(refers=frozenset({"x"}))).people() == {"bo"}
