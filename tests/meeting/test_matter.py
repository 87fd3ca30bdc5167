"""Opening a matter's file and putting evidence on it."""

from datetime import date

from chancery.events.meeting import EvidenceFiled, MatterFacts
from chancery.events.parts import Evidence
from meeting_svc.matter.file_evidence import FileEvidence, file_evidence
from meeting_svc.matter.note_decision import NoteDecision, note_decision
from meeting_svc.matter.open_matter import OpenMatter, open_matter
from meeting_svc.matter.state import MATTER
from tests.hongkou import CLERK, FINANCE_HEAD, JUSTICE_CLERK, JUSTICE_HEAD, MAYOR, an_id, at, rules
from tests.meeting.examples import LEGALITY, PARTICIPATION, RULES_DRAFT, opened
from tests.scenario import THE_THING, scenario

NOW = at("2022-01-10")
HONGKOU = rules(NOW)


def test_the_lead_unit_opens_its_matter() -> None:
    outcome = scenario(MATTER, HONGKOU).when(open_matter, OpenMatter(JUSTICE_HEAD, NOW, RULES_DRAFT))
    outcome.then(opened().model_copy(update={"matter_id": THE_THING}))
    assert outcome.told[0].standing is not None
    assert outcome.told[0].standing.post == "department_head"


def test_a_leader_or_the_office_opens_it_for_the_unit() -> None:
    for person in (MAYOR, CLERK):
        told = scenario(MATTER, HONGKOU).when(open_matter, OpenMatter(person, NOW, RULES_DRAFT)).events
        assert [event.event_name for event in told] == ["meeting.matter_opened"]


def test_another_unit_does_not() -> None:
    command = OpenMatter(FINANCE_HEAD, NOW, RULES_DRAFT)
    scenario(MATTER, HONGKOU).when(open_matter, command).forbidden("not_of_the_unit")


def test_who_holds_no_post_opens_nothing() -> None:
    command = OpenMatter("nobody", NOW, RULES_DRAFT)  # pyright: ignore[reportArgumentType]  a plain id will do here
    scenario(MATTER, HONGKOU).when(open_matter, command).forbidden("holds_no_post")


def test_every_unknown_word_is_named_at_once() -> None:
    facts = MatterFacts(title="甲", kind="no_such_kind", features=("no_such_feature",), lead_unit="no_such_unit")
    scenario(MATTER, HONGKOU).when(open_matter, OpenMatter(JUSTICE_HEAD, NOW, facts)).refused(
        "unknown_word", "unknown_word", "unknown_unit"
    )


def test_a_matter_is_opened_once() -> None:
    command = OpenMatter(JUSTICE_HEAD, NOW, RULES_DRAFT)
    scenario(MATTER, HONGKOU).given(opened()).when(open_matter, command).refused("matter_already_open")


def test_the_review_is_filed_by_the_bureau_that_gives_it() -> None:
    """虹口2022 五十七: legality and fair competition are reviewed; the gate names the giver of the first."""
    command = FileEvidence(JUSTICE_CLERK, LEGALITY)
    outcome = scenario(MATTER, HONGKOU).given(opened()).when(file_evidence, command)
    outcome.then(EvidenceFiled(matter_id=THE_THING, evidence=LEGALITY, filed_by=JUSTICE_CLERK)).under("HK-57-2")


def test_whoever_wants_the_review_does_not_file_it_himself() -> None:
    command = FileEvidence(FINANCE_HEAD, LEGALITY.model_copy(update={"by": "finance_bureau"}))
    scenario(MATTER, HONGKOU).given(opened()).when(file_evidence, command).forbidden(evidence_wants_its_giver="57")


def test_the_giver_is_who_the_gate_names_whatever_was_typed() -> None:
    command = FileEvidence(JUSTICE_CLERK, LEGALITY.model_copy(update={"by": "finance_bureau"}))
    told = scenario(MATTER, HONGKOU).given(opened()).when(file_evidence, command).events
    assert isinstance(told[0], EvidenceFiled)
    assert told[0].evidence.by == "justice_bureau"


def test_where_no_giver_is_named_each_unit_files_its_own() -> None:
    own = Evidence(evidence="public_participation", given_on=date(2022, 1, 10))
    told = scenario(MATTER, HONGKOU).given(opened()).when(file_evidence, FileEvidence(JUSTICE_HEAD, own))
    told.then(EvidenceFiled(matter_id=THE_THING, evidence=PARTICIPATION, filed_by=JUSTICE_HEAD))
    others = FileEvidence(FINANCE_HEAD, PARTICIPATION)
    scenario(MATTER, HONGKOU).given(opened()).when(file_evidence, others).forbidden("evidence_of_another_unit")


def test_evidence_the_rules_do_not_know_is_a_slip() -> None:
    slip = Evidence(evidence="no_such_review", of="no_such_unit", given_on=date(2022, 1, 10))
    scenario(MATTER, HONGKOU).given(opened()).when(file_evidence, FileEvidence(JUSTICE_HEAD, slip)).refused(
        "unknown_word", "unknown_unit"
    )
    scenario(MATTER, HONGKOU).when(file_evidence, FileEvidence(JUSTICE_HEAD, PARTICIPATION)).refused("matter_not_open")


def test_what_a_body_decided_lies_on_the_file_once() -> None:
    """金山2022 二十二, 四十四 ask at one body for the decision of another: the house files it itself."""
    command = NoteDecision(an_id(3), "executive", date(2022, 1, 19), "adopted")
    filed = EvidenceFiled(
        matter_id=THE_THING,
        evidence=Evidence(
            evidence="meeting_decision",
            by="district_office",
            of="executive",
            given_on=date(2022, 1, 19),
            attrs={"outcome": "adopted"},
            reference=str(an_id(3)),
        ),
        filed_by="district_office",
    )
    given = scenario(MATTER, HONGKOU).given(opened())
    given.when(note_decision, command).then(filed)
    given.given(filed).when(note_decision, command).quiet()
    scenario(MATTER, HONGKOU).when(note_decision, command).quiet()


def test_what_the_house_gives_nobody_files_by_hand() -> None:
    """虹口2022 二十三 and others ask for a decision: it comes from the sitting's record, from nobody's hand."""
    given = scenario(MATTER, HONGKOU).given(opened())
    for person in (MAYOR, CLERK, JUSTICE_HEAD):
        typed = Evidence(evidence="meeting_decision", of="executive", given_on=date(2022, 1, 10))
        refused = given.when(file_evidence, FileEvidence(person, typed)).forbidden("house_gives_it")
        assert refused.reasons[0].cites
    for word in ("interpretation", "secrecy_review"):
        if HONGKOU.files(word):
            typed = Evidence(evidence=word, given_on=date(2022, 1, 10))
            given.when(file_evidence, FileEvidence(CLERK, typed)).forbidden("house_gives_it")
