"""A text that says nothing is answered with nothing: no rule of another pack and no habit fills the gap."""

from typing import Any

import pytest

from chancery.rules.tables import (
    AGENDA,
    BODIES,
    CIRCULATION,
    CLOCKS,
    MINUTES,
    RETENTION,
    SEALS,
    TABLES,
    Table,
)
from tests.hongkou import at, pack, rules

ON = at("2026-04-08")


def test_no_body_has_a_quorum() -> None:
    """虹口2022: unlike elsewhere, three of seven may open a meeting their mayor chairs."""
    assert "quorum" in pack().head.silent
    assert {row.outcome.quorum for row in pack().tables[BODIES.name]} == {None}


def test_papers_reach_members_when_they_reach_them() -> None:
    assert "papers_delivery" in pack().head.silent
    assert {row.outcome.papers for row in pack().tables[BODIES.name]} == {None}


def test_no_item_is_late() -> None:
    """An item the mayor sets the day before is on the agenda all the same."""
    assert "agenda_lead" in pack().head.silent
    for body in (row.id for row in pack().tables[BODIES.name]):
        for proposer in pack().words["proposers"]:
            hit = rules(ON).ask(AGENDA, body=body, proposer=proposer).first
            assert hit is None or (hit.outcome.lead, hit.outcome.on_late) == (None, None)


def test_minutes_are_issued_when_they_are_issued() -> None:
    assert "minutes_issue_limit" in pack().head.silent
    for body in (row.id for row in pack().tables[BODIES.name]):
        assert rules(ON).ask(MINUTES, body=body).regulated
        ruling, count = rules(ON).clock("minutes_issue", ON, body=body)
        assert (ruling.regulated, count) == (False, None)
        assert ruling.pack == pack().ref


@pytest.mark.parametrize("table", [SEALS, CIRCULATION, RETENTION], ids=lambda t: t.name)
def test_a_table_the_text_knows_nothing_of_answers_with_the_pack_s_name(table: Table[Any]) -> None:
    ruling = rules(ON).ask(table)
    assert (ruling.regulated, ruling.citations, ruling.pack) == (False, (), pack().ref)


def test_every_silence_of_a_table_is_a_table_without_rows() -> None:
    for silence in pack().head.silent:
        if silence in TABLES:
            assert not pack().tables.get(silence), silence


def test_a_clock_nobody_wrote_does_not_run() -> None:
    names = {str(row.outcome.name) for row in pack().tables[CLOCKS.name]}
    assert names == {"ordered_document_issue", "consult_reply", "online_reply", "progress_feedback", "return_report"}
