"""虹口2022 十八、二十一、二十三、五十、五十七: every gate asks for what its article names, and for nothing more."""

from typing import Any

import pytest

from chancery.calendar import local_day
from chancery.events.parts import Evidence
from chancery.rules.resolve import Case
from chancery.rules.tables import GATES
from tests.hongkou import at, pack, rules

ON = at("2026-04-07")
CASE = Case(lead_unit="housing_bureau", units_involved=("housing_bureau", "greening_bureau", "ouyang_street"))
RESEARCH = (
    "research_report", "evaluation_legality", "evaluation_necessity", "evaluation_soundness",
    "evaluation_feasibility", "evaluation_controllability",
)  # fmt: skip
EXAMPLES: tuple[tuple[str, str, dict[str, Any], tuple[str, ...]], ...] = (
    ("normative-drafts-reviewed", "HK-57-2", {"stage": "signature", "kind": "normative_document"},
     ("legality_review", "fair_competition_review")),
    ("agreements-reviewed", "HK-57-2", {"stage": "signature", "kind": "agreement", "features": ["in_government_name"]},
     ("legality_review", "fair_competition_review")),
    ("competition-scope-reviewed", "HK-57-2",
     {"stage": "agenda", "kind": "notice", "features": ["fair_competition_scope"]},
     ("legality_review", "fair_competition_review")),
    ("normative-participation", "HK-18-4", {"stage": "submission", "kind": "normative_document"},
     ("public_participation",)),
    ("normative-four-steps", "HK-18-4", {"stage": "issue", "kind": "normative_document"},
     ("public_participation", "legality_review", "fair_competition_review", "meeting_decision")),
    ("major-decision-party-report", "HK-21-2", {"stage": "issue", "kind": "major_administrative_decision"},
     ("party_organisation_report",)),
    ("major-decision-openness", "HK-21-4", {"stage": "agenda", "kind": "major_administrative_decision"},
     ("public_participation", "pre_decision_publication")),
    ("major-decision-steps", "HK-21-5", {"stage": "agenda", "kind": "major_administrative_decision"},
     ("public_participation", "expert_argument", "risk_assessment", "legality_review")),
    ("major-matter-research", "HK-23-1", {"stage": "agenda", "major": True, "proposer": "street"}, RESEARCH),
    ("major-matter-consultation", "HK-23-2",
     {"stage": "agenda", "major": True, "features": ["involves_departments"]}, ("consultation",)),
    ("major-matter-streets", "HK-23-3",
     {"stage": "agenda", "major": True, "features": ["involves_communities"]}, ("opinion",)),
    ("major-matter-stability", "HK-23-4", {"stage": "agenda", "major": True, "features": ["stability_risk"]},
     ("stability_risk_assessment",)),
    ("major-matter-report-first", "HK-23-6",
     {"stage": "release", "major": True, "features": ["public_rights"], "proposer": "department"},
     ("prior_request_or_report",)),
    ("decision-changed-by-procedure", "HK-25-3", {"stage": "change", "major": True}, ("new_decision_by_procedure",)),
    ("special-after-talks", "HK-50-4", {"stage": "agenda", "body": "special"}, ("prior_coordination",)),
    ("papers-for-party-committee", "HK-55-5",
     {"stage": "dispatch", "features": ["for_party_committee", "government_duties"], "proposer": "department"},
     ("meeting_decision",)),
    ("release-reviewed", "HK-63-1",
     {"stage": "release", "features": ["important_deployment"], "proposer": "department"},
     ("release_review",)),
    ("interpretation-in-step", "HK-31-1", {"stage": "publication", "features": ["needs_interpretation"]},
     ("interpretation",)),
)  # fmt: skip
SHOWN = {"normative-coordination", "adjustment-looks-at-evaluation", "drafted-together"}
"""Rows that are shown and stop nothing."""
SAYS: dict[str, dict[str, Any]] = {
    "legality_review": {"by": "justice_bureau", "attrs": {"result": "passed"}},
    "fair_competition_review": {"attrs": {"result": "passed"}},
    "meeting_decision": {"of": "executive"},
    "consultation": {"of": "greening_bureau"},
    "opinion": {"of": "ouyang_street"},
    "prior_coordination": {"of": "greening_bureau"},
}


def filed(name: str, **otherwise: Any) -> Evidence:
    return Evidence(evidence=name, given_on=local_day(ON), **(SAYS.get(name, {}) | otherwise))


def missing(facts: dict[str, Any], on_file: list[Evidence], row: str | None = None) -> dict[str, set[str]]:
    """What is missing, with the clauses that ask for it; of one row only, where it is named."""
    asked = {name: value for name, value in facts.items() if name != "stage"}
    _, reasons = rules(ON).unmet_gates(facts["stage"], asked, on_file, CASE)
    return {
        str(reason.params["evidence"]): {cite.clause for cite in reason.cites}
        for reason in reasons
        if row is None or row in {cite.row for cite in reason.cites}
    }


@pytest.mark.parametrize(("row", "clause", "facts", "asked"), EXAMPLES, ids=[example[0] for example in EXAMPLES])
def test_a_gate_names_all_that_is_missing_and_is_met_by_just_that(
    row: str, clause: str, facts: dict[str, Any], asked: tuple[str, ...]
) -> None:
    found = missing(facts, [], row)
    assert set(found) == set(asked)
    assert all(clause in clauses for clauses in found.values())
    assert missing(facts, [filed(name) for name in asked], row) == {}


@pytest.mark.parametrize(
    ("row", "facts", "left_out"),
    [(row, facts, name) for row, _, facts, asked in EXAMPLES for name in asked],
    ids=[f"{row}:{name}" for row, _, _, asked in EXAMPLES for name in asked],
)
def test_each_single_thing_left_out_is_the_one_that_is_told(row: str, facts: dict[str, Any], left_out: str) -> None:
    asked = next(example[3] for example in EXAMPLES if example[0] == row)
    assert set(missing(facts, [filed(name) for name in asked if name != left_out], row)) == {left_out}


def test_every_gate_row_has_its_example_here() -> None:
    assert {row.id for row in pack().tables["gates"]} == {example[0] for example in EXAMPLES} | SHOWN


def test_a_gate_that_is_only_shown_answers_and_stops_nothing() -> None:
    """十八: prior coordination is owed and seen; the draft goes on."""
    facts: dict[str, Any] = {"stage": "agenda", "kind": "normative_document", "departments": 2}
    assert "normative-coordination" in rules(ON).ask(GATES, **facts).rows
    alone: dict[str, Any] = facts | {"departments": 1}
    assert "normative-coordination" not in rules(ON).ask(GATES, **alone).rows
    assert "prior_coordination" not in missing(facts, [])


@pytest.mark.parametrize(
    "fault",
    [
        {"by": "finance_bureau"},  # given by another unit
        {"attrs": {"result": "failed"}},  # not passed
        {"attrs": {}},  # says nothing
        {"deemed": True},  # silence is no review
    ],
)
def test_a_legality_review_is_the_justice_bureau_s_and_passed_and_never_deemed(fault: dict[str, Any]) -> None:
    """五十七."""
    facts: dict[str, Any] = {"stage": "signature", "kind": "agreement", "features": ["in_government_name"]}
    rest = [filed("fair_competition_review")]
    assert missing(facts, [*rest, filed("legality_review")]) == {}
    assert set(missing(facts, [*rest, filed("legality_review", **fault)])) == {"legality_review"}


def test_a_competition_review_outside_its_scope_counts_and_a_failed_one_does_not() -> None:
    """五十七, in the reading the pack writes down."""
    facts: dict[str, Any] = {"stage": "signature", "kind": "agreement", "features": ["in_government_name"]}
    for result, left in (("outside_scope", set[str]()), ("failed", {"fair_competition_review"})):
        on_file = [filed("legality_review"), filed("fair_competition_review", attrs={"result": result})]
        assert set(missing(facts, on_file)) == left


def test_a_decision_counts_from_two_bodies_only() -> None:
    """十八: collective discussion is one of the plenary or the executive meeting."""
    facts: dict[str, Any] = {"stage": "issue", "kind": "normative_document"}
    others = [filed(name) for name in ("public_participation", "legality_review", "fair_competition_review")]
    for body, left in (("plenary", set[str]()), ("executive", set[str]()), ("special", {"meeting_decision"})):
        assert set(missing(facts, [*others, filed("meeting_decision", of=body)])) == left


def test_two_articles_that_ask_the_same_are_cited_together_once() -> None:
    """十八 and 五十七 both ask the legality review of a normative document at its signature."""
    facts: dict[str, Any] = {"stage": "signature", "kind": "normative_document"}
    assert {"HK-57-2", "HK-18-4"} <= missing(facts, [])["legality_review"]


def test_a_matter_kept_secret_by_law_is_not_published_before_it_is_decided() -> None:
    """二十一 with 二十七: the exception takes that gate away, and no other."""
    facts: dict[str, Any] = {"stage": "agenda", "kind": "major_administrative_decision"}
    assert "pre_decision_publication" in missing(facts, [])
    kept_secret = missing(facts | {"exceptions": ["confidential_by_law"]}, [])
    assert "pre_decision_publication" not in kept_secret
    assert {"expert_argument", "risk_assessment", "legality_review"} <= set(kept_secret)


def test_each_street_concerned_is_heard_and_the_missing_one_is_named() -> None:
    """二十三: one of two streets answered."""
    case = Case(lead_unit="housing_bureau", units_involved=("ouyang_street", "quyang_street", "greening_bureau"))
    facts: dict[str, Any] = {"major": True, "features": ["involves_communities"]}
    _, reasons = rules(ON).unmet_gates("agenda", facts, [filed("opinion", of="ouyang_street")], case)
    assert [(r.subject, [c.clause for c in r.cites]) for r in reasons] == [("quyang_street", ["HK-23-3"])]


def test_an_ordinary_matter_meets_no_gate() -> None:
    facts: dict[str, Any] = {"kind": "other", "features": [], "major": False, "proposer": "department"}
    for stage in ("submission", "agenda", "signature", "issue"):
        assert not rules(ON).ask(GATES, stage=stage, body="executive", **facts).regulated
