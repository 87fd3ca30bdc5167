"""Meetings that a unit wants to hold: the rows that match bind together, and what is against it is said at once."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from chancery.events.meeting import (
    MeetingApproved,
    MeetingAsk,
    MeetingCancelled,
    MeetingNotApproved,
    MeetingRequested,
    RequestStepTaken,
)
from chancery.events.parts import Evidence
from meeting_svc.request.answer import Cancel, Refuse, TakeStep, cancel, refuse, take_step
from meeting_svc.request.ask import Ask, ask, looked_for
from meeting_svc.request.near import near_ruling, together
from meeting_svc.request.state import REQUEST, Request, Stage
from tests import hongkou
from tests.hongkou import an_id, at
from tests.meeting.jinchuan import CLERK, DIRECTOR, HEAD, IN_CHARGE, MAYOR, OTHER, rules
from tests.rules import small
from tests.scenario import THE_THING, scenario

NOW = at("2026-03-02")
JINCHUAN = rules(NOW)
IN_THE_GOVERNMENTS_NAME = MeetingAsk(
    title="全区教育工作会议",
    unit="education_bureau",
    scope="area_wide",
    in_name_of="district_government",
    organiser="department",
    meets_on=date(2026, 3, 20),
)
OF_ITS_OWN = IN_THE_GOVERNMENTS_NAME.model_copy(update={"in_name_of": "department"})
DECIDED = Evidence(evidence="meeting_decision", of="executive", given_on=date(2026, 2, 20))
MAY_BE_HELD = MeetingApproved(
    request_id=THE_THING, unit="education_bureau", scope="area_wide", meets_on=date(2026, 3, 20)
)


def requested(asked: MeetingAsk = IN_THE_GOVERNMENTS_NAME, held: int = 0) -> MeetingRequested:
    told = scenario(REQUEST, JINCHUAN).when(ask, Ask(HEAD, NOW, asked, held=held)).events
    assert isinstance(told[0], MeetingRequested)
    return told[0]


def test_an_area_wide_meeting_goes_to_the_deputy_in_charge_and_the_mayor() -> None:
    """金川2020 五十五: reviewed by the deputy in charge, approved by the mayor."""
    waits = scenario(REQUEST, JINCHUAN).given(requested())
    waits.when(take_step, TakeStep(MAYOR)).forbidden(not_your_step="55")
    first = waits.when(take_step, TakeStep(IN_CHARGE)).under("JC-55-4").events
    assert [type(one) for one in first] == [RequestStepTaken]
    last = waits.given(*first).when(take_step, TakeStep(MAYOR)).events
    assert last[1] == MAY_BE_HELD
    waits.given(*first, *last).when(take_step, TakeStep(MAYOR)).refused("meeting_not_asked")


def test_a_decision_on_file_stands_in_place_of_the_route() -> None:
    told = scenario(REQUEST, JINCHUAN).when(ask, Ask(HEAD, NOW, IN_THE_GOVERNMENTS_NAME, on_file=(DECIDED,)))
    assert told.events[1] == MAY_BE_HELD.model_copy(update={"by_decision": True})


def test_a_department_asks_ten_days_before_and_once_a_year() -> None:
    """金川2020 五十五: the office agrees, ten days ahead; a second one only if the office director lets it pass."""
    request = scenario(REQUEST, JINCHUAN)
    first = requested(OF_ITS_OWN)
    assert (first.asks_by, first.permits) == (date(2026, 3, 10), ())
    assert request.given(first).when(take_step, TakeStep(CLERK)).events[1] == MAY_BE_HELD
    late = Ask(HEAD, at("2026-03-11"), OF_ITS_OWN)
    scenario(REQUEST, rules(at("2026-03-11"))).when(ask, late).refused(meeting_asked_late="55")
    second = requested(OF_ITS_OWN, held=1)
    assert second.permits == ("caps/one-system-meeting-a-year",)
    waits = request.given(second)
    waits.when(take_step, TakeStep(CLERK)).forbidden("not_your_step")
    waits.when(take_step, TakeStep(DIRECTOR)).refused(permission_wants_reason="55")
    let = waits.when(take_step, TakeStep(DIRECTOR, "全市统一部署，须再开一次")).events
    assert [type(one) for one in let] == [RequestStepTaken]
    assert waits.given(*let).when(take_step, TakeStep(CLERK)).events[1] == MAY_BE_HELD


def test_everything_that_is_against_it_is_said_at_once() -> None:
    """金川2020 五十五, 八十五: own matters not in the government's name; work meetings at home, where needed."""
    own = IN_THE_GOVERNMENTS_NAME.model_copy(update={"scope": "own_line", "kind": "work_meeting", "venue": "elsewhere"})
    request = scenario(REQUEST, JINCHUAN)
    request.when(ask, Ask(HEAD, NOW, own)).refused(
        "meeting_wants", "meeting_wants", "meeting_wants", meeting_elsewhere="55", meeting_not_held="55"
    )
    fair = IN_THE_GOVERNMENTS_NAME.model_copy(update={"kind": "fair"})
    request.when(ask, Ask(HEAD, NOW, fair)).refused("meeting_wants", meeting_wants_decision="85")


def test_only_the_unit_asks_and_gives_it_up() -> None:
    request = scenario(REQUEST, JINCHUAN)
    request.when(ask, Ask(OTHER, NOW, OF_ITS_OWN)).forbidden("not_of_the_unit")
    nowhere = OF_ITS_OWN.model_copy(update={"unit": "no_such_unit"})
    request.when(ask, Ask(HEAD, NOW, nowhere)).refused("unknown_unit")
    given = request.given(requested(OF_ITS_OWN))
    off = MeetingCancelled(request_id=THE_THING, reason="改为书面部署")
    given.when(cancel, Cancel(HEAD, "改为书面部署")).then(off)
    given.when(cancel, Cancel(OTHER, "改为书面部署")).forbidden("not_of_the_unit")
    given.given(off).when(cancel, Cancel(HEAD, "再")).refused("meeting_not_asked")
    given.when(ask, Ask(HEAD, NOW, OF_ITS_OWN)).refused("meeting_asked_already")


def test_whose_turn_it_is_says_no_with_the_reason() -> None:
    given = scenario(REQUEST, JINCHUAN).given(requested())
    no = MeetingNotApproved(request_id=THE_THING, reason="发文即可")
    given.when(refuse, Refuse(IN_CHARGE, "发文即可")).then(no)
    given.when(refuse, Refuse(CLERK, "发文即可")).forbidden("not_your_step")
    given.given(no).when(take_step, TakeStep(IN_CHARGE)).refused("meeting_not_asked")


def test_what_is_refused_in_principle_waits_for_who_may_excuse_it() -> None:
    """虹口2022 五十四: no leaders at meetings of one's own line, unless a leader lets it pass with the reason."""
    moment = at("2022-03-01")
    asked = MeetingAsk(
        title="系统工作会议",
        unit="justice_bureau",
        scope="own_line",
        in_name_of="department",
        organiser="department",
        summons=("district_leaders",),
        meets_on=date(2022, 3, 20),
    )
    request = scenario(REQUEST, hongkou.rules(moment))
    by = hongkou.JUSTICE_HEAD
    [told] = request.when(ask, Ask(by, moment, asked)).under("HK-54-4").events
    assert isinstance(told, MeetingRequested)
    assert told.permits == ("meeting_requests/own-line-without-leaders",)
    done = request.given(told).when(take_step, TakeStep(hongkou.DEPUTY_IN_CHARGE, "部署专项任务")).events
    assert isinstance(done[1], MeetingApproved)
    names = asked.model_copy(update={"in_name_of": "district_government", "summons": ()})
    request.when(ask, Ask(by, moment, names)).refused(meeting_not_held="54")
    free = asked.model_copy(update={"summons": ()})
    assert [type(one) for one in request.when(ask, Ask(by, moment, free)).events] == [MeetingRequested, MeetingApproved]


def test_an_office_handles_what_it_may_refuse() -> None:
    """虹口2022 五十四: area-wide meetings are handled by the office."""
    moment = at("2022-03-01")
    day = date(2022, 3, 20)
    asked = IN_THE_GOVERNMENTS_NAME.model_copy(update={"unit": "justice_bureau", "meets_on": day})
    request = scenario(REQUEST, hongkou.rules(moment))
    [told] = request.when(ask, Ask(hongkou.JUSTICE_HEAD, moment, asked)).events
    assert isinstance(told, MeetingRequested)
    no = request.given(told).when(refuse, Refuse(hongkou.CLERK, "合并召开")).events
    assert isinstance(no[0], MeetingNotApproved)
    request.given(told).when(take_step, TakeStep(hongkou.MAYOR, "同意")).forbidden("not_your_step")


def test_meetings_of_the_same_people_close_in_time_may_be_held_together() -> None:
    """金川2020 五十五: how close is the tenant's to say; unsaid, the same day."""
    heads = IN_THE_GOVERNMENTS_NAME.model_copy(update={"summons": ("town_heads", "department_heads")})
    others = [
        Request(an_id(no), Stage.ASKED, requested(heads.model_copy(update=more)))
        for no, more in enumerate(
            (
                {"summons": ("town_heads",)},
                {"meets_on": date(2026, 3, 22)},
                {"summons": ("street_heads",)},
                {"scope": "other_scope", "in_name_of": None},
            ),
            start=1,
        )
    ]
    given_up = Request(an_id(9), Stage.CANCELLED, requested(heads))
    assert [one.id for one in together(JINCHUAN, heads, an_id(8), [*others, given_up])] == [an_id(1)]
    assert together(JINCHUAN, heads, an_id(1), others) == ()
    settings = {**JINCHUAN.pack.head.settings, "meetings_near_days": 3}
    pack = replace(JINCHUAN.pack, head=JINCHUAN.pack.head.model_copy(update={"settings": settings}))
    three = replace(JINCHUAN, pack=pack)
    assert [one.id for one in together(three, heads, an_id(8), others)] == [an_id(1), an_id(2)]
    assert near_ruling(JINCHUAN).citations[0].clause == "JC-55-3"


def test_what_is_normally_looked_for_is_pointed_out_and_nothing_more(tmp_path: Path) -> None:
    rows = """
        - id: by-wire
          clauses: [MP-1-1]
          force: normally
          when: {scope: [whole_town]}
          venue: wire
          requires: [reason_in_person]
    """
    few = small.rules(small.made(tmp_path, meeting_requests=rows))
    asked = MeetingAsk(title="x", unit="works", scope="whole_town", meets_on=date(2024, 3, 1))

    def shown(**more: object) -> list[str]:
        command = Ask(HEAD, NOW, asked.model_copy(update=more))
        return [reason.code for reason in looked_for(command, few)]

    assert shown() == ["meeting_elsewhere", "meeting_wants"]
    assert shown(venue="wire") == shown(brings=("reason_in_person",)) == []
    assert shown(scope="own_line") == []


def test_a_row_may_want_the_budget_line_and_the_form_carries_it() -> None:
    """会议费: a government that wants costs provided for writes ``requires: [budget_line]``."""
    given = JINCHUAN.pack.tables["meeting_requests"]
    row = next(row for row in given if row.id == "departments-own-area-wide")
    wanting = replace(row, outcome=row.outcome.model_copy(update={"requires": ("budget_line",)}))
    rows = tuple(wanting if one is row else one for one in given)
    pack = replace(JINCHUAN.pack, tables={**JINCHUAN.pack.tables, "meeting_requests": rows})
    request = scenario(REQUEST, replace(JINCHUAN, pack=pack))
    request.when(ask, Ask(HEAD, NOW, OF_ITS_OWN)).refused(meeting_wants="55")
    provided = OF_ITS_OWN.model_copy(update={"budget_line": "2026年会议费预算第3项"})
    [asked] = request.when(ask, Ask(HEAD, NOW, provided)).events
    assert isinstance(asked, MeetingRequested)
    assert asked.asked.budget_line == "2026年会议费预算第3项"
