"""Where several bodies may decide a matter, whoever the rules name chooses; a list goes before what takes the rest."""

from dataclasses import replace
from datetime import datetime
from functools import cache

from chancery.calendar import bundled
from chancery.events.meeting import BodyChosen, MatterFacts, MatterOpened
from chancery.names import PersonId
from chancery.roster import Roster
from chancery.rules.loader import load_folder
from chancery.rules.pack import Pack
from chancery.rules.rulebook import Rules
from meeting_svc.agenda_item.state import AGENDA_ITEM
from meeting_svc.agenda_item.submit import Submit, submit
from meeting_svc.competence import competence_of
from meeting_svc.matter.choose_body import ChooseBody, choose_body
from meeting_svc.matter.state import MATTER
from tests.hongkou import PACKS, at, cast_events
from tests.scenario import THE_THING, scenario

NOW = at("2022-06-20")


@cache
def pack() -> Pack:
    return next(one for one in load_folder(PACKS).values() if one.head.id == "haimen-2022")


def rules(moment: datetime = NOW) -> Rules:
    return Rules(pack(), bundled(), Roster.of(cast_events(pack())), moment)


HAIMEN = rules()
MAYOR = PersonId(next(one.person for one in HAIMEN.roster.holders(frozenset({"mayor"}), NOW)))
HEAD = PersonId(next(one.person for one in HAIMEN.roster.employed_in("finance_bureau", NOW)))
REQUEST = MatterFacts(title="某镇请示", kind="important_request_to_government", lead_unit="finance_bureau")
OPENED = MatterOpened(matter_id=THE_THING, facts=REQUEST, opened_by=HEAD, opened_at=NOW)


def test_the_mayor_chooses_between_two_bodies() -> None:
    """海门2022 十六, 十七: a request may go to the executive or the mayor's office meeting; the mayor says to which."""
    matter = scenario(MATTER, HAIMEN).given(OPENED)
    chosen = BodyChosen(matter_id=THE_THING, body="mayor_office", reason="事项不大", chosen_by=MAYOR)
    choose = ChooseBody(MAYOR, "mayor_office", "事项不大")
    matter.when(choose_body, choose).then(chosen).under("HM-16-13", "HM-17-6")
    matter.given(chosen).when(choose_body, choose).quiet()
    matter.when(choose_body, replace(choose, by=HEAD)).forbidden(another_chooses="16")
    matter.when(choose_body, replace(choose, body="special")).refused(body_not_competent="16")
    matter.when(choose_body, replace(choose, body="nowhere")).refused("unknown_body")
    scenario(MATTER, HAIMEN).when(choose_body, choose).refused("matter_not_open")


def test_nothing_goes_to_a_body_before_the_choice_and_then_to_no_other() -> None:
    unchosen = MATTER.evolve(MATTER.start(THE_THING), OPENED)
    put = Submit(HEAD, NOW, unchosen, "executive")
    codes = {one.code for one in scenario(AGENDA_ITEM, HAIMEN).when(submit, put).reasons}
    assert "body_not_chosen" in codes
    chosen = replace(unchosen, chosen="mayor_office")
    codes = {one.code for one in scenario(AGENDA_ITEM, HAIMEN).when(submit, replace(put, matter=chosen)).reasons}
    assert "another_body_chosen" in codes
    there = replace(put, matter=chosen, body="mayor_office")
    codes = {one.code for one in scenario(AGENDA_ITEM, HAIMEN).when(submit, there).reasons}
    assert codes.isdisjoint({"body_not_chosen", "another_body_chosen", "body_not_competent"})


def test_nobody_chooses_where_one_body_alone_is_named() -> None:
    facts = REQUEST.model_copy(update={"kind": "coordination_needed"})
    opened = OPENED.model_copy(update={"facts": facts})
    scenario(MATTER, HAIMEN).given(opened).when(choose_body, ChooseBody(MAYOR, "mayor_office")).refused(
        nothing_to_choose="17"
    )


def test_a_list_goes_before_a_row_that_takes_whatever_is_left() -> None:
    """A row with ``catch_all`` speaks only of what no list names."""
    both = pack_with_a_catch_all()
    listed = competence_of(both, REQUEST)
    assert set(listed.bodies) == {"executive", "mayor_office"}
    unlisted = competence_of(both, REQUEST.model_copy(update={"kind": None}))
    assert unlisted.bodies == ("special",)


def pack_with_a_catch_all() -> Rules:
    row = next(row for row in pack().tables["competence"] if row.id == "office-mayor-chooses")
    every = replace(row, id="special-the-rest", when={}, outcome=row.outcome.model_copy(update={"body": "special"}))
    tables = {**pack().tables, "competence": (*pack().tables["competence"], every)}
    return replace(HAIMEN, pack=replace(pack(), tables=tables))
