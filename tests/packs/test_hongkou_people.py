"""虹口2022 六、四十六至五十、六十二: who chairs, who decides, who is told before somebody leaves, who acts then."""

from typing import Any

import pytest

from chancery.events.parts import StepDone
from chancery.names import Capacity
from chancery.rules.grammar import Selector
from chancery.rules.resolve import Case
from chancery.rules.tables import ABSENCES, ACTING, AGENDA, COMPETENCE
from tests.hongkou import DIRECTOR, MAYOR, OTHER_DEPUTY, at, entrusted, mayor_away, pack, roster, rules

ON = at("2026-04-08")
MAJOR = (
    "economic_social_plan", "budget", "overall_urban_plan", "major_special_plan", "major_reform",
    "major_public_construction", "important_resource_allocation", "large_fiscal_or_public_funds",
    "social_distribution", "livelihood_protection",
)  # fmt: skip


def clauses(ruling: Any) -> list[str]:
    return [cite.clause for cite in ruling.citations]


# -- absences and acting ------------------------------------------------------


@pytest.mark.parametrize("cause", ["visit", "business_trip", "rest"])
def test_a_deputy_who_leaves_the_city_tells_the_mayor_before_and_asks_nobody(cause: str) -> None:
    """六十二: a report, no approval."""
    now = rules(ON)
    hit = now.ask(ABSENCES, who=["deputy_mayor"], leaving="city", cause=cause).first
    assert hit is not None
    assert (hit.outcome.mode, [c.clause for c in hit.cites]) == ("report", ["HK-62-1", "HK-62-2"])
    (one,) = now.route(hit.outcome.route, (), Case(applicant=OTHER_DEPUTY)).open
    assert (one.step.do, [h.person for h in one.left]) == ("report", [OTHER_DEPUTY])
    assert one.step.to is not None
    assert now.who(one.step.to).people() == {MAYOR}


@pytest.mark.parametrize("post", ["department_head", "street_head"])
def test_a_head_tells_the_office_and_the_office_owes_two_reports_that_hold_up_nothing(post: str) -> None:
    now = rules(ON)
    hit = now.ask(ABSENCES, who=[post, "unit_head"], leaving="city", cause="business_trip").first
    assert hit is not None
    assert (hit.outcome.mode, [c.clause for c in hit.cites]) == ("report", ["HK-62-1", "HK-62-3"])
    (told,) = hit.outcome.after
    assert not told.blocks
    assert told.to is not None
    assert now.who(told.to, Case(lead_unit="commerce_commission")).people() == {MAYOR, OTHER_DEPUTY}


@pytest.mark.parametrize(
    "facts",
    [
        {"who": ["deputy_mayor"], "leaving": "district", "cause": "business_trip"},  # still in the city
        {"who": ["department_head"], "leaving": "post", "cause": "leave"},
        {"who": ["mayor"], "leaving": "city", "cause": "visit"},  # nothing is said of the mayor
        {"who": ["unit_clerk"], "leaving": "city", "cause": "rest"},
    ],
)
def test_of_other_absences_the_text_says_nothing(facts: dict[str, Any]) -> None:
    assert not rules(ON).ask(ABSENCES, **facts).regulated


@pytest.mark.parametrize("cause", ["visit", "business_trip"])
def test_a_deputy_acts_for_the_mayor_out_of_the_city_by_mandate_only(cause: str) -> None:
    """六."""
    now = rules(ON)
    (hit,) = now.ask(ACTING, principal="mayor", away_from="city", cause=cause).hits
    assert (hit.outcome.mandate, hit.outcome.scope, hit.outcome.excludes) == ("required", ("preside",), ())
    assert [c.clause for c in hit.cites] == ["HK-6-2"]
    assert now.who(hit.outcome.deputy).nobody == "nobody_named"
    named = rules(ON, entrusted("acting", MAYOR, OTHER_DEPUTY)).who(hit.outcome.deputy)
    assert [(h.person, h.capacity) for h in named.holders] == [(OTHER_DEPUTY, Capacity.ENTRUSTED)]
    assert rules(ON, entrusted("acting", MAYOR, DIRECTOR)).who(hit.outcome.deputy).holders == ()


@pytest.mark.parametrize(
    "facts",
    [
        {"principal": "mayor", "away_from": "district", "cause": "business_trip"},
        {"principal": "mayor", "away_from": "city", "cause": "leave"},
        {"principal": "mayor", "away_from": "city", "cause": "study"},
        {"principal": "deputy_mayor", "away_from": "city", "cause": "business_trip"},
    ],
)
def test_in_no_other_case_does_anybody_act_by_the_text(facts: dict[str, Any]) -> None:
    assert not rules(ON).ask(ACTING, **facts).regulated


# -- bodies ------------------------------------------------------------


def test_four_bodies_meet_and_each_has_its_rhythm_members_and_office() -> None:
    """四十六至五十."""
    bodies = {row.id: row.outcome for row in pack().tables["bodies"]}
    assert set(bodies) == {"plenary", "executive", "working", "special"}
    rhythm = {name: (b.cadence.every, b.cadence.unit) for name, b in bodies.items() if b.cadence is not None}
    assert rhythm == {"executive": (2, "week"), "working": (1, "half_year")}
    now = rules(ON)
    members = {person for selector in bodies["executive"].members for person in now.who(selector).people()}
    assert members == {MAYOR, "lv", "shi", "zhang", "kong", OTHER_DEPUTY, DIRECTOR}
    for body in bodies.values():
        assert now.who(body.organiser).people() >= {DIRECTOR, "office_clerk_qian"}


def test_the_executive_meeting_is_the_mayor_s_and_his_who_acts_for_him() -> None:
    """四十八: no delegate is named, so a deputy without the mandate of article 6 may not chair."""
    chair = rules(ON).body("executive")
    assert chair is not None
    here, away = rules(ON), rules(ON, mayor_away(OTHER_DEPUTY))
    assert here.is_one_of(MAYOR, chair.chair, act="chair@executive") is not None
    assert here.is_one_of("lv", chair.chair, act="chair@executive") is None
    acting = away.is_one_of(OTHER_DEPUTY, chair.chair, act="chair@executive")
    assert acting is not None
    assert (acting.capacity, acting.acts_for) == (Capacity.ACTING, MAYOR)
    assert away.is_one_of("lv", chair.chair, act="chair@executive") is None


def test_a_director_holds_a_special_meeting_on_a_leader_s_mandate_only() -> None:
    """五十."""
    special = rules(ON).body("special")
    assert special is not None
    without, on_mandate = rules(ON), rules(ON, entrusted("matter", OTHER_DEPUTY, DIRECTOR))
    assert without.is_one_of(DIRECTOR, special.convener) is None
    held = on_mandate.is_one_of(DIRECTOR, special.convener)
    assert held is not None
    assert held.capacity is Capacity.ENTRUSTED
    assert on_mandate.is_one_of("hua", special.convener) is None
    for leader in (MAYOR, "lv", OTHER_DEPUTY):
        assert without.is_one_of(leader, special.convener) is not None


# -- what comes before which body ------------------------------------------------


@pytest.mark.parametrize("kind", MAJOR)
def test_major_decisions_go_to_one_of_two_bodies(kind: str) -> None:
    """二十二: and to no special meeting."""
    ruling = rules(ON).ask(COMPETENCE, kind=kind)
    must = {hit.outcome.body for hit in ruling.hits if hit.outcome.power == "must"}
    assert must == {"plenary", "executive"}
    assert "HK-22-1" in clauses(ruling)


@pytest.mark.parametrize(
    ("kind", "body", "clause"),
    [
        ("superior_meeting_or_document", "executive", "HK-48-3"),
        ("submission_to_congress", "executive", "HK-48-4"),
        ("annual_key_work", "executive", "HK-48-5"),
        ("normative_document", "executive", "HK-48-6"),
        ("major_economic_social_question", "executive", "HK-48-7"),
        ("practical_project", "executive", "HK-48-8"),
        ("own_building", "executive", "HK-48-9"),
        ("performance_analysis", "executive", "HK-48-10"),
        ("important_event_preparation", "executive", "HK-48-11"),
        ("other", "executive", "HK-48-12"),
        ("major_government_matter", "plenary", "HK-47-3"),
        ("deployment_of_important_work", "plenary", "HK-47-4"),
        ("stage_information", "working", "HK-49-3"),
        ("coordination_of_important_question", "special", "HK-50-2"),
    ],
)
def test_each_kind_of_matter_has_its_body(kind: str, body: str, clause: str) -> None:
    ruling = rules(ON).ask(COMPETENCE, kind=kind)
    assert [(hit.outcome.body, hit.outcome.power) for hit in ruling.hits] == [(body, "may")]
    assert clauses(ruling) == [clause]


def test_a_department_s_item_is_agreed_to_by_three_in_turn() -> None:
    """四十八: the office, the deputy in charge, the mayor: the reading the pack writes down."""
    now = rules(ON)
    hit = now.ask(AGENDA, body="executive", proposer="department").first
    assert hit is not None
    assert hit.outcome.route is not None
    case = Case(lead_unit="housing_bureau")
    done: list[StepDone] = []
    for do, person in (("review", "office_clerk_qian"), ("consent", "shi"), ("approve", MAYOR)):
        state = now.route(hit.outcome.route, done, case)
        assert not state.complete
        (one,) = state.open
        assert one.step.do == do
        done.append(now.step_done(now.may_take(state, person)))
    assert now.route(hit.outcome.route, done, case).complete


def test_the_mayor_s_own_item_waits_for_nobody_else_and_a_deputy_s_waits_for_him() -> None:
    """四十八."""
    now = rules(ON)
    for proposer in ("mayor", "deputy_mayor"):
        hit = now.ask(AGENDA, body="executive", proposer=proposer).first
        assert hit is not None
        assert hit.outcome.route is not None
        (one,) = now.route(hit.outcome.route, (), Case()).open
        assert [h.person for h in one.left] == [MAYOR]
    assert now.ask(AGENDA, body="executive", proposer="mayor").rows == ("executive-set-by-mayor",)


def test_the_sample_roster_is_whole() -> None:
    """Every unit has a head and a leader in charge of it, and every deputy two units or more."""
    people, now = roster(), rules(ON)
    for unit, term in pack().words["units"].items():
        if term.kind == "office":
            continue
        assert now.who(Selector.model_validate({"head_of": "lead_unit"}), Case(lead_unit=unit)).holders, unit
        assert len(people.in_charge_of(ON, frozenset({unit}))) == 1, unit
    deputies = people.holders(frozenset({"deputy_mayor"}), ON)
    assert len(deputies) == 5
    for deputy in deputies:
        portfolio = people.portfolio(deputy.person, ON)
        assert portfolio is not None
        assert len(portfolio.units) >= 2
        assert people.assistants(deputy.person, ON)
