"""The named predicates: what each says of a case, and that a pack cannot name them wrongly."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.calendar import bundled
from chancery.rules.grammar import Selector
from chancery.rules.predicates import REGISTRY, Known, Params, Predicates, Verdict, judged
from tests.rules.small import made, refused, told

NOTHING = Known()
HOLDS, FAILS, OPEN, UNKNOWN = Verdict.HOLDS, Verdict.FAILS, Verdict.OPEN, Verdict.UNKNOWN


def params(check: str, **given_: Any) -> Params:
    return REGISTRY[check].params.model_validate(given_)


EXAMPLES: list[tuple[str, dict[str, Any], Known, Verdict]] = [
    ("max_addressees", {"max": 1}, Known(addressees=("city",)), HOLDS),
    ("max_addressees", {"max": 1}, Known(addressees=("city", "city")), HOLDS),
    ("max_addressees", {"max": 1}, Known(addressees=("city", "bureau")), FAILS),
    ("max_addressees", {"max": 1}, NOTHING, UNKNOWN),
    ("single_matter", {}, NOTHING, OPEN),
    ("single_matter", {}, Known(answers={"single_matter": True}), HOLDS),
    ("single_matter", {}, Known(answers={"single_matter": False}), FAILS),
    ("single_matter", {}, Known(answers={"no_embedded_request": True}), OPEN),
    ("no_embedded_request", {}, NOTHING, OPEN),
    ("no_embedded_request", {}, Known(answers={"no_embedded_request": True}), HOLDS),
    ("no_embedded_request", {}, Known(answers={"no_embedded_request": False}), FAILS),
    ("not_to_person", {"unless": ["assigned"]}, Known(to_persons=()), HOLDS),
    ("not_to_person", {"unless": ["assigned"]}, Known(to_persons=("ann",)), FAILS),
    ("not_to_person", {"unless": ["assigned"]}, Known(to_persons=("ann",), claimed=frozenset({"assigned"})), HOLDS),
    ("not_to_person", {}, Known(to_persons=("ann",), claimed=frozenset({"assigned"})), FAILS),
    ("not_to_person", {}, NOTHING, UNKNOWN),
    ("level_not_skipped", {}, Known(levels_up=1), HOLDS),
    ("level_not_skipped", {}, Known(levels_up=2), FAILS),
    ("level_not_skipped", {"unless": "approved"}, Known(levels_up=2, claimed=frozenset({"approved"})), HOLDS),
    ("level_not_skipped", {}, NOTHING, OPEN),
    ("level_not_skipped", {}, Known(answers={"level_not_skipped": False}), FAILS),
    ("attribute_present", {}, NOTHING, OPEN),
    ("attribute_present", {}, Known(attribute="withheld"), HOLDS),
    ("reason_present", {"unless_attribute": "proactive"}, NOTHING, UNKNOWN),
    ("reason_present", {"unless_attribute": "proactive"}, Known(attribute="proactive"), HOLDS),
    ("reason_present", {"unless_attribute": "proactive"}, Known(attribute="withheld"), OPEN),
    ("reason_present", {"unless_attribute": "proactive"}, Known(attribute="withheld", ground="  "), OPEN),
    ("reason_present", {"unless_attribute": "proactive"}, Known(attribute="withheld", ground="x"), HOLDS),
    ("approved_by_head", {}, NOTHING, UNKNOWN),
    ("approved_by_head", {}, Known(head_approved=False), OPEN),
    ("approved_by_head", {}, Known(head_approved=True), HOLDS),
    ("approved_by_head", {"evidence": "nod"}, Known(head_approved=False, evidence=frozenset({"nod"})), HOLDS),
    ("secrecy_channel", {}, NOTHING, HOLDS),
    ("secrecy_channel", {"features": ["quiet"], "channels": ["courier"]}, Known(features=frozenset({"quiet"})), OPEN),
    (
        "secrecy_channel",
        {"features": ["quiet"], "channels": ["courier"]},
        Known(features=frozenset({"quiet"}), channel="courier"),
        HOLDS,
    ),
    (
        "secrecy_channel",
        {"features": ["quiet"], "channels": ["courier"]},
        Known(features=frozenset({"quiet"}), channel="post"),
        FAILS,
    ),
    ("period_cap", {"counts": "briefing", "max": 2, "period": "month"}, Known(counted={"briefing": 1}), HOLDS),
    ("period_cap", {"counts": "briefing", "max": 2, "period": "month"}, Known(counted={"briefing": 2}), FAILS),
    ("period_cap", {"counts": "briefing", "max": 2, "period": "month"}, NOTHING, UNKNOWN),
    ("quorum", {"test": "more_than", "fraction": 0.5}, Known(members=4, present=2), FAILS),
    ("quorum", {"test": "at_least", "fraction": 0.5}, Known(members=4, present=2), HOLDS),
    ("quorum", {"test": "more_than", "fraction": 0.5}, Known(members=4, present=3), HOLDS),
    ("quorum", {"test": "more_than", "fraction": 0.5}, NOTHING, UNKNOWN),
    ("no_live_duplicate", {}, Known(live_duplicates=0), HOLDS),
    ("no_live_duplicate", {}, Known(live_duplicates=1), FAILS),
    ("no_live_duplicate", {}, NOTHING, UNKNOWN),
    ("calendar_known", {}, Known(days=(date(2022, 1, 4),), calendar=bundled()), HOLDS),
    ("calendar_known", {}, Known(days=(date(2022, 1, 4), date(2150, 1, 4)), calendar=bundled()), OPEN),
    ("calendar_known", {}, NOTHING, UNKNOWN),
    ("evidence_present", {"any_of": ["a", "b"]}, Known(evidence=frozenset()), OPEN),
    ("evidence_present", {"any_of": ["a", "b"]}, Known(evidence=frozenset({"b"})), HOLDS),
    ("evidence_present", {"all_of": ["a", "b"]}, Known(evidence=frozenset({"b"})), OPEN),
    ("evidence_present", {"all_of": ["a"], "any_of": ["b"]}, Known(evidence=frozenset({"a", "b"})), HOLDS),
    ("evidence_present", {"all_of": ["a"], "any_of": ["b"]}, Known(evidence=frozenset({"a"})), OPEN),
    ("evidence_present", {"all_of": ["a"]}, NOTHING, UNKNOWN),
    (
        "format_complete",
        {"fields": ["kind"]},
        Known(fields=frozenset({"kind"}), fields_seen=frozenset({"kind"})),
        HOLDS,
    ),
    ("format_complete", {"fields": ["kind"]}, Known(fields_seen=frozenset({"kind"})), OPEN),
    ("format_complete", {"fields": ["seal"]}, NOTHING, OPEN),
    ("format_complete", {"fields": ["seal"]}, Known(answers={"format_complete": True}), HOLDS),
    ("format_complete", {"fields": ["seal"]}, Known(answers={"format_complete": False}), FAILS),
    (
        "format_complete",
        {"fields": ["kind", "seal"]},
        Known(fields_seen=frozenset({"kind"}), answers={"format_complete": True}),
        OPEN,
    ),
    ("issuer_allowed", {"list": "makers"}, Known(issuer="council"), UNKNOWN),
    ("issuer_allowed", {"list": "makers"}, Known(issuer="council", allowed={"makers": frozenset({"council"})}), HOLDS),
    ("issuer_allowed", {"list": "makers"}, Known(issuer="works", allowed={"makers": frozenset({"council"})}), FAILS),
    (
        "issuer_allowed",
        {"list": "makers", "of": "kind"},
        Known(kind="plan", allowed={"makers": frozenset({"plan"})}),
        HOLDS,
    ),
    (
        "issuer_allowed",
        {"list": "makers", "of": "lead_unit"},
        Known(lead_unit="works", allowed={"makers": frozenset({"purse"})}),
        FAILS,
    ),
]


@pytest.mark.parametrize(("check", "given_", "known", "verdict"), EXAMPLES)
def test_a_predicate_says_of_a_case(check: str, given_: dict[str, Any], known: Known, verdict: Verdict) -> None:
    assert judged(check, params(check, **given_), known) is verdict


def test_presence_is_asked_of_whoever_resolves_people() -> None:
    wanted = params("presence_of", who={"post": "head"})
    there = Known(is_present=lambda selector: selector == Selector.model_validate({"post": "head"}))
    assert judged("presence_of", wanted, there) is HOLDS
    assert judged("presence_of", params("presence_of", who={"post": "deputy"}), there) is FAILS
    assert judged("presence_of", wanted, NOTHING) is UNKNOWN


def test_every_predicate_of_the_registry_has_an_example_and_may_be_named_in_a_row() -> None:
    assert set(REGISTRY) == set(get_args(Predicates))
    assert {check for check, *_ in EXAMPLES} | {"presence_of"} == set(REGISTRY)


@given(st.integers(1, 9), st.lists(st.sampled_from("abcdefgh"), max_size=12))
def test_addressees_are_counted_once_each(most: int, to: list[str]) -> None:
    found = judged("max_addressees", params("max_addressees", max=most), Known(addressees=tuple(to)))
    assert found is (HOLDS if len(set(to)) <= most else FAILS)


@given(st.integers(0, 40), st.integers(0, 40), st.floats(0.01, 1), st.sampled_from(["more_than", "at_least"]))
def test_one_more_present_never_loses_a_quorum(members: int, present: int, fraction: float, test: str) -> None:
    wanted = params("quorum", test=test, fraction=fraction)
    few = Known(members=members, present=present)
    if judged("quorum", wanted, few) is HOLDS:
        assert judged("quorum", wanted, replace(few, present=present + 1)) is HOLDS


@given(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef"), min_size=1), st.sampled_from("abcdef"))
def test_evidence_that_is_added_takes_nothing_away(there: set[str], wanted: set[str], more: str) -> None:
    for how in ("any_of", "all_of"):
        asked = params("evidence_present", **{how: sorted(wanted)})
        if judged("evidence_present", asked, Known(evidence=frozenset(there))) is HOLDS:
            assert judged("evidence_present", asked, Known(evidence=frozenset({*there, more}))) is HOLDS


CHECK = """
- {{id: form, clauses: [MP-1-1], when: {{}}, {said}, on_fail: return}}
"""


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("check: max_adressees, params: {max: 1}", "check: Input should be"),
        ("check: max_addressees", "params.max: max is missing"),
        ("check: max_addressees, params: {max: one}", "params.max:"),
        ("check: max_addressees, params: {max: 0}", "params.max:"),
        ("check: single_matter, params: {max: 1}", "the key max is not known here"),
        ("check: evidence_present, params: {}", "evidence_present wants any_of or all_of"),
        ("check: presence_of, params: {who: head}", "a selector is written like"),
        ("check: quorum, params: {test: half, fraction: 2}", "params.fraction:"),
        ("check: single_matter, params: 3", "params: this is a mapping"),
    ],
)
def test_a_row_that_names_a_predicate_wrongly_is_told_where(tmp_path: Path, said: str, what: str) -> None:
    problems = told(refused(tmp_path, checks=CHECK.format(said=said)))
    assert any(what in problem for problem in problems), problems
    assert all(problem.startswith("millpond-2024/checks.yaml:1:") for problem in problems)


def test_a_wrong_parameter_is_told_in_its_own_line(tmp_path: Path) -> None:
    rows = """
        - id: form
          clauses: [MP-1-1]
          check: max_addressees
          params:
            max: none
          on_fail: return
        """
    assert [problem.line for problem in refused(tmp_path, checks=rows)] == [5]


def test_a_selector_in_a_parameter_is_looked_up_like_any_other(tmp_path: Path) -> None:
    wrong = refused(tmp_path, checks=CHECK.format(said="check: presence_of, params: {who: {post: boss}}"))
    assert any("there is no post boss" in problem.what for problem in wrong)
    assert made(tmp_path / "good", checks=CHECK.format(said="check: presence_of, params: {who: {post: head}}"))


@pytest.mark.parametrize(
    ("extension", "what"),
    [
        ("{before_due: true}", "nobody is named to agree to it"),
        ("{agreed_with: anybody}", "extension.agreed_with"),
        ("{agreed_with: host, at_most: 0}", "extension.at_most"),
        ("{agreed_with: host, days: 3}", "the key days is not known here"),
        ("{approved_by: head}", "a selector is written like"),
    ],
)
def test_an_extension_says_who_agrees_and_how_far_it_goes(tmp_path: Path, extension: str, what: str) -> None:
    rows = (
        "- {{id: reply, clauses: [MP-1-1], name: reply, starts: handed_over, n: 5, unit: working_day, extension: {}}}"
    )
    problems = told(refused(tmp_path, clocks=rows.format(extension)))
    assert any(what in problem for problem in problems), problems
