"""What has to be on file: everything missing at once, each with every clause that asks for it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.events.parts import Evidence
from chancery.refusal import Reason
from chancery.rules.gates import joined
from chancery.rules.resolve import Case
from tests.rules.small import made, mandate, roster, rules

ON = date(2024, 2, 1)
CASE = Case(lead_unit="works", units_involved=("works", "purse", "upstream"))


def on_file(name: str, **more: Any) -> Evidence:
    return Evidence(evidence=name, given_on=ON, **more)


def missing(tmp_path: Path, rows: str, evidence: list[Evidence], case: Case = CASE, **facts: Any) -> list[str]:
    """What is missing, and for whom: ``needs_hearing`` or ``needs_hearing/purse``."""
    asked = {"features": ("costly",), **facts}
    _, reasons = rules(made(tmp_path, gates=rows)).unmet_gates("agenda", asked, evidence, case)
    return [reason.code + (f"/{reason.subject}" if reason.subject else "") for reason in reasons]


def gate(require: str, **more: str) -> str:
    extra = "".join(f"\n  {key}: {value}" for key, value in more.items())
    return f"- id: gate\n  clauses: [MP-1-1]\n  when: {{stage: [agenda]}}\n  require: {require}{extra}\n"


def test_everything_missing_is_told_at_once(tmp_path: Path) -> None:
    rows = gate("[{evidence: hearing}, {evidence: record}]")
    assert missing(tmp_path, rows, []) == ["needs_hearing", "needs_record"]
    assert missing(tmp_path, rows, [on_file("record")]) == ["needs_hearing"]
    assert missing(tmp_path, rows, [on_file("record"), on_file("hearing")]) == []


def test_two_clauses_that_ask_the_same_are_one_reason_and_it_says_the_stricter(tmp_path: Path) -> None:
    rows = (
        gate("[{evidence: purse_opinion}]")
        + """- id: clear
  clauses: [MP-2-1]
  when: {stage: [agenda], features: {has_any: [costly]}}
  require: [{evidence: purse_opinion, by: {unit: purse}, attrs: {clarity: [clear]}}]
"""
    )
    _, reasons = rules(made(tmp_path, gates=rows)).unmet_gates("agenda", {"features": ("costly",)}, [], CASE)
    [reason] = reasons
    assert reason.code == "needs_purse_opinion"
    assert [cite.clause for cite in reason.cites] == ["MP-1-1", "MP-2-1"]
    assert {k: reason.params[k] for k in ("evidence_zh", "evidence_en", "by_zh", "attrs")} == {
        "evidence_zh": "财政意见",
        "evidence_en": "opinion of the purse",
        "by_zh": "purse",
        "attrs": "clarity: clear",
    }


@pytest.mark.parametrize(
    ("require", "evidence", "met"),
    [
        ("evidence: [hearing, forum]", [on_file("forum")], True),
        ("evidence: [hearing, forum], n: 2", [on_file("forum"), on_file("forum")], False),
        ("evidence: [hearing, forum], n: 2", [on_file("forum"), on_file("hearing")], True),
        ("evidence: hearing, n: 2", [on_file("hearing")], False),
        ("evidence: hearing, n: 2", [on_file("hearing"), on_file("hearing")], True),
        ("evidence: hearing, by: {unit: purse}", [on_file("hearing", by="works")], False),
        ("evidence: hearing, by: {unit: purse}", [on_file("hearing", by="purse")], True),
        ("evidence: hearing, by: {post: deputy}", [on_file("hearing", by="di")], False),
        ("evidence: hearing, by: {post: deputy}", [on_file("hearing", by="cy")], True),
        ("evidence: hearing, attrs: {result: [good, fair]}", [on_file("hearing")], False),
        ("evidence: hearing, attrs: {result: [good, fair]}", [on_file("hearing", attrs={"result": "poor"})], False),
        ("evidence: hearing, attrs: {result: [good, fair]}", [on_file("hearing", attrs={"result": "fair"})], True),
        ("evidence: hearing, deemed_counts: false", [on_file("hearing", deemed=True)], False),
        ("evidence: hearing", [on_file("hearing", deemed=True)], True),
        ("evidence: hearing, of: [council]", [on_file("hearing")], False),
        ("evidence: hearing, of: [council]", [on_file("hearing", of="council")], True),
        ("evidence: hearing, state: issued", [on_file("hearing", attrs={"state": "draft"})], False),
        ("evidence: hearing, state: issued", [on_file("hearing", attrs={"state": "issued"})], True),
        (
            "evidence: hearing, chaired_by: {in_charge_of: item}",
            [on_file("hearing", attrs={"chaired_by": "cy"})],
            False,
        ),
        ("evidence: hearing, chaired_by: {in_charge_of: item}", [on_file("hearing", attrs={"chaired_by": "bo"})], True),
    ],
)
def test_each_word_of_a_requirement_counts(tmp_path: Path, require: str, evidence: list[Evidence], met: bool) -> None:
    assert missing(tmp_path, gate(f"[{{{require}}}]"), evidence) == ([] if met else ["needs_hearing"])


@pytest.mark.parametrize(
    ("each", "asked"),
    [
        ("units_involved", ["purse", "upstream"]),
        ("departments_involved", ["purse"]),
        ("towns_or_streets_involved", ["upstream"]),
    ],
)
def test_each_unit_concerned_is_asked_but_not_the_one_in_the_lead(tmp_path: Path, each: str, asked: list[str]) -> None:
    rows = gate(f"[{{evidence: forum, of_each: {each}}}]")
    assert missing(tmp_path, rows, []) == [f"needs_forum/{unit}" for unit in asked]
    assert missing(tmp_path, rows, [on_file("forum", by=asked[0])]) == [f"needs_forum/{unit}" for unit in asked[1:]]
    assert missing(tmp_path, rows, [on_file("forum", of=unit) for unit in asked]) == []
    assert missing(tmp_path, rows, [], Case(lead_unit="works")) == []


@pytest.mark.parametrize(
    ("more", "stops"),
    [
        ({}, True),
        ({"force": "in_principle", "excused_by": "{post: head}"}, True),
        ({"on_missing": "return"}, True),
        ({"on_missing": "show"}, False),
        ({"force": "normally"}, False),
        ({"force": "may"}, False),
        ({"force": "as_needed"}, False),
    ],
)
def test_force_says_whether_a_gate_stops_anything(tmp_path: Path, more: dict[str, str], stops: bool) -> None:
    assert missing(tmp_path, gate("[{evidence: hearing}]", **more), []) == (["needs_hearing"] if stops else [])


def test_a_gate_of_another_stage_asks_nothing(tmp_path: Path) -> None:
    pack = made(tmp_path, gates=gate("[{evidence: hearing}]"))
    ruling, reasons = rules(pack).unmet_gates("issue", {}, [], CASE)
    assert (ruling.regulated, reasons) == (False, ())


def test_what_two_stages_lack_is_told_once_with_both_clauses(tmp_path: Path) -> None:
    both = """
- {id: first, clauses: [MP-1-1], when: {stage: [submission]}, require: [{evidence: hearing}, {evidence: forum}]}
- {id: second, clauses: [MP-2-1], when: {stage: [agenda]}, require: [{evidence: hearing}]}
"""
    small = rules(made(tmp_path, gates=both))
    told: list[Reason] = []
    for stage in ("submission", "agenda"):
        told = joined(told, small.unmet_gates(stage, {}, [], CASE)[1])
    assert [(one.code, [cite.clause for cite in one.cites]) for one in told] == [
        ("needs_hearing", ["MP-1-1", "MP-2-1"]),
        ("needs_forum", ["MP-1-1"]),
    ]


NAMES = ("hearing", "forum", "record", "purse_opinion")
pieces = st.lists(st.builds(on_file, st.sampled_from(NAMES), by=st.sampled_from((None, "purse", "works"))), max_size=6)


@settings(deadline=None)
@given(evidence=pieces, more=pieces)
def test_more_on_file_never_leaves_more_missing(
    tmp_path_factory: pytest.TempPathFactory, evidence: list[Evidence], more: list[Evidence]
) -> None:
    require = (
        "[{evidence: [hearing, forum], n: 2}, {evidence: purse_opinion, by: {unit: purse}}, {evidence: record, n: 2}]"
    )
    folder = tmp_path_factory.getbasetemp() / "more_on_file"
    before, after = (missing(folder, gate(require), files) for files in (evidence, evidence + more))
    assert set(after) <= set(before)


def test_a_person_s_evidence_counts_by_his_post_on_that_day(tmp_path: Path) -> None:
    pack = made(tmp_path, gates=gate("[{evidence: record, by: {authorised_by: {post: head}}}]"))
    evidence = [on_file("record", by="cy")]
    _, reasons = rules(pack).unmet_gates("agenda", {}, evidence, CASE)
    assert [reason.code for reason in reasons] == ["needs_record"]
    _, reasons = rules(pack, roster(mandate("signing", "ann", "cy"))).unmet_gates("agenda", {}, evidence, CASE)
    assert reasons == ()


def test_what_is_only_pointed_out_holds_nothing_up_and_is_told_when_asked_for(tmp_path: Path) -> None:
    rows = gate("[{evidence: hearing}]", on_missing="show") + gate("[{evidence: record}]").replace(
        "id: gate", "id: hard"
    )
    assert missing(tmp_path, rows, []) == ["needs_record"]
    facts = {"features": ("costly",)}
    _, shown = rules(made(tmp_path, gates=rows)).unmet_gates("agenda", facts, [], CASE, shown=True)
    assert [reason.code for reason in shown] == ["needs_hearing"]
    _, none_left = rules(made(tmp_path, gates=rows)).unmet_gates(
        "agenda", facts, [on_file("hearing")], CASE, shown=True
    )
    assert none_left == ()
