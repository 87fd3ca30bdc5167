"""Decisions of a government that has the higher law asked beside its own rules."""

from dataclasses import replace
from datetime import date
from typing import Any

from chancery.events.disclosure import EntryPrepared
from chancery.events.meeting import MatterFacts
from chancery.events.parts import Counted, Evidence
from chancery.rules.beside import heard_by
from chancery.rules.loader import load_folder
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from disclosure_svc.entry.prepare import Prepare, prepare
from disclosure_svc.entry.state import ENTRY
from document_svc.document.sign import Sign, sign
from document_svc.document.state import DOCUMENT
from meeting_svc.agenda_item.state import AGENDA_ITEM
from meeting_svc.agenda_item.submit import Submit, submit
from meeting_svc.matter.file_evidence import FileEvidence, file_evidence
from meeting_svc.matter.state import MATTER
from tests.document import examples as paper
from tests.hongkou import JUSTICE_CLERK, JUSTICE_HEAD, MAYOR, PACKS, at, rules
from tests.meeting import examples as topic
from tests.scenario import scenario
from tests.supervision.examples import ISSUED_AT, issued

BASELINE = next(pack for pack in load_folder(PACKS).values() if pack.head.tier == "national")
NOW = at("2022-01-12")


def with_the_law(alone: Rules) -> Rules:
    return replace(alone, beside=(heard_by(BASELINE, alone.pack, date(2022, 1, 12)),))


ALONE = rules(NOW)
BOTH = with_the_law(ALONE)
DECISION = MatterFacts(title="旧区改造", kind="major_administrative_decision", lead_unit="justice_bureau")
DONE = tuple(
    Evidence(evidence=evidence, by="justice_bureau", given_on=date(2022, 1, 11), attrs={"result": "passed"})
    for evidence in (
        "public_participation",
        "pre_decision_publication",
        "expert_argument",
        "risk_assessment",
        "legality_review",
    )
)


def due_of(told: Told[Any]) -> Counted | None:
    assert isinstance(told.event, EntryPrepared)
    return told.event.due


def law_of(told: Told[Any]) -> set[str]:
    """The clauses an event rests on in packs beside the own one."""
    return {cite.clause for ruling in told.under for law in ruling.beside for cite in law.citations}


def own_of(told: Told[Any]) -> set[str]:
    return {row for ruling in told.under for row in ruling.rows}


# -- a matter put up for a meeting ---------------------------------------------------------


def test_one_refusal_names_what_both_ask_for_and_cites_both() -> None:
    command = Submit(JUSTICE_HEAD, NOW, topic.matter(facts=DECISION), "executive")
    alone = scenario(AGENDA_ITEM, ALONE).when(submit, command)
    both = scenario(AGENDA_ITEM, BOTH).when(submit, command)
    assert [reason.code for reason in both.reasons] == [reason.code for reason in alone.reasons]
    cited = {reason.code: {cite.clause for cite in reason.cites} for reason in both.reasons}
    assert cited["needs_legality_review"] == {"HK-21-5", "NB-25-decisions"}
    assert cited["needs_public_participation"] == {"HK-21-4", "HK-21-5", "NB-14-decisions"}


def test_a_submission_rests_on_the_law_under_its_own_name() -> None:
    command = Submit(JUSTICE_HEAD, NOW, topic.matter(*DONE, facts=DECISION), "executive")
    [alone] = scenario(AGENDA_ITEM, ALONE).when(submit, command).told
    [both] = scenario(AGENDA_ITEM, BOTH).when(submit, command).told
    assert both.event == alone.event
    assert own_of(both) == own_of(alone)
    assert law_of(alone) == set()
    assert law_of(both) == {"NB-14-decisions", "NB-25-decisions"}, "what is only normal binds nothing"


def test_a_unit_files_what_only_the_law_asks_for() -> None:
    """Hongkou has no word for the agreement of departments that disagree."""
    agreed = FileEvidence(
        JUSTICE_CLERK, Evidence(evidence="departments_agree", by="justice_bureau", given_on=date(2022, 1, 12))
    )
    history = scenario(MATTER, BOTH).given(topic.opened())
    assert [event.event_name for event in history.when(file_evidence, agreed).events] == ["meeting.evidence_filed"]
    scenario(MATTER, ALONE).given(topic.opened()).when(file_evidence, agreed).refused("unknown_word")


# -- a paper to be signed -------------------------------------------------------------------


def test_a_normative_document_needs_what_the_organic_law_adds() -> None:
    signing = Sign(MAYOR, paper.ENDED, paper.FACTS, paper.ALL_EVIDENCE)
    history = (paper.ordered(), paper.attached())
    evaluated = Evidence(evidence="evaluation_necessity", by="justice_bureau", given_on=date(2022, 1, 11))
    scenario(DOCUMENT, BOTH).given(*history).when(sign, signing).refused(needs_evaluation_necessity="75")
    ready = replace(signing, heard=(*paper.ALL_EVIDENCE, evaluated))
    told = scenario(DOCUMENT, BOTH).given(*history).when(sign, ready).told
    [done] = [one for one in told if one.event.event_name == "document.signed"]
    assert law_of(done) == {"NB-75-organic"}
    scenario(DOCUMENT, ALONE).given(*history).when(sign, signing).under("HK-18-4")


# -- a paper to be published -----------------------------------------------------------------


def test_what_is_open_is_published_within_the_law_s_twenty_working_days() -> None:
    """虹口2022 二十八 names no number: alone there is no day, with the law there is one."""
    alone, both = rules(ISSUED_AT), with_the_law(rules(ISSUED_AT))
    [silent] = scenario(ENTRY, alone).when(prepare, Prepare(issued())).told
    [bound] = scenario(ENTRY, both).when(prepare, Prepare(issued())).told
    assert due_of(silent) is None
    due = due_of(bound)
    assert due is not None
    assert (due.n, due.unit, due.clauses[-1]) == (20, "working_day", "NB-26-disclosure")
    assert "NB-26-disclosure" in law_of(bound)


def test_a_shorter_time_of_one_s_own_goes_before_and_a_longer_one_does_not() -> None:
    def due(n: int) -> tuple[int, str]:
        own = rules(ISSUED_AT)
        settings = {**own.pack.head.settings, "publication_deadline": {"n": n, "unit": "working_day"}}
        pack = replace(own.pack, head=own.pack.head.model_copy(update={"settings": settings}))
        [told] = scenario(ENTRY, with_the_law(replace(own, pack=pack))).when(prepare, Prepare(issued())).told
        counted = due_of(told)
        assert counted is not None
        return counted.n, counted.clauses[0]

    assert due(7) == (7, "HK-27-1")
    assert due(30) == (20, "NB-13-disclosure")
