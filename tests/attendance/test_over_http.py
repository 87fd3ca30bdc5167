"""Absences, mandates and acting over HTTP, real PostgreSQL and real NATS."""

import asyncio
import time
from typing import Any

from attendance_svc.roster_file.columns import COLUMNS
from attendance_svc.wiring import SERVICE
from chancery.office import csv
from chancery.office.table import Table
from tests.hongkou import at
from tests.replay import alike, all_events, projected, stored_rows
from tests.small_house import TENANT, SmallHouse
from tests.web.contract import contract_of

TRIP = {
    "leaving": "city",
    "cause": "business_trip",
    "destination": "北京",
    "reason": "参加会议",
    "starts_at": "2022-02-14T08:00:00+08:00",
    "ends_at": "2022-02-18T20:00:00+08:00",
}


async def who_is(house: SmallHouse, post: str, moment: str | None = None) -> list[dict[str, Any]]:
    asked = {"post": post, **({"as_of": moment} if moment else {})}
    return (await house.done("attendance.get_roster", asked, by="yan"))["holders"]


async def test_the_mayors_trip_with_a_mandate_begins_and_ends_acting(house: SmallHouse) -> None:
    """虹口2022 六: entrusted before, acting from the moment of leaving, until the return is reported."""
    mandate = await house.done(
        "attendance.give_entrustment",
        {
            "receiver": "cao",
            "object": {"kind": "acting", "post": "mayor"},
            "starts_at": "2022-02-14T00:00:00+08:00",
            "ends_at": "2022-02-20T00:00:00+08:00",
        },
        by="tao",
    )
    trip = await house.done("attendance.announce_absence", TRIP, by="tao")
    assert [event["type"] for event in trip["events"]] == ["attendance.absence_announced", "attendance.leave_approved"]
    assert [one["person"] for one in await who_is(house, "mayor")] == ["tao"]

    await house.clock(at("2022-02-14", 8, 1))
    acting = [one for one in await who_is(house, "mayor") if one["capacity"] == "acting"]
    assert [(one["person"], one["acting_for"]) for one in acting] == [("cao", "tao")]
    seen = await house.done("attendance.get_absence", {"id": trip["id"]}, by="yan")
    assert (seen["acting"], seen["nobody_acts"]) == ("cao", None)
    [listed] = (await house.done("attendance.list_actings", {"post": "mayor"}, by="yan"))["items"]
    assert (listed["actor"], listed["clauses"], listed["ended_at"]) == ("cao", ["HK-6-2"], None)

    await house.clock(at("2022-02-18", 20))
    await house.done("attendance.report_return", {"id": trip["id"]}, by="tao")
    await house.settle()
    assert [one["capacity"] for one in await who_is(house, "mayor")] == ["own"]
    past = await who_is(house, "mayor", "2022-02-16T12:00:00+08:00")
    assert [one["person"] for one in past] == ["cao", "tao"]
    await house.clock(at("2022-02-20", 0, 1))
    over = await house.done("attendance.get_entrustment", {"id": mandate["id"]}, by="yan")
    assert over["over"] is True


async def test_a_mandate_that_runs_out_ends_acting_and_a_later_one_begins_it_again(house: SmallHouse) -> None:
    """虹口2022 六: no mandate, nobody acts, and that can be seen."""
    await house.clock(at("2022-03-01"))
    trip = TRIP | {"starts_at": "2022-03-02T08:00:00+08:00", "ends_at": "2022-03-09T20:00:00+08:00"}
    away = await house.done("attendance.announce_absence", trip, by="tao")
    acting = {"kind": "acting", "post": "mayor"}
    first = {"receiver": "cao", "object": acting, "starts_at": "2022-03-01T00:00:00+08:00"}
    written_down = first | {"giver": "tao", "ends_at": "2022-03-04T00:00:00+08:00"}
    await house.done("attendance.give_entrustment", written_down, by="office_clerk_qian")
    second = {"receiver": "kong", "object": acting, "starts_at": "2022-03-05T00:00:00+08:00"}
    await house.done("attendance.give_entrustment", second, by="tao")

    async def acts(moment: str) -> list[str]:
        found = await house.done("attendance.list_actings", {"acts_at": moment}, by="yan")
        return [one["actor"] for one in found["items"]]

    await house.clock(at("2022-03-03"))
    assert await acts("2022-03-03T00:00:00+08:00") == ["cao"]
    await house.clock(at("2022-03-04", 12))
    assert await acts("2022-03-04T12:00:00+08:00") == []
    seen = await house.done("attendance.get_absence", {"id": away["id"]}, by="yan")
    assert (seen["acting"], seen["nobody_acts"]) == (None, "nobody_named")
    now = {"open_at": "2022-03-04T12:00:00+08:00", "tell": "tao"}
    period = {"since": "2022-03-01T00:00:00+08:00", "until": "2022-03-20T00:00:00+08:00"}
    wrong = (await house.done("attendance.review_entrustments", period, by="yan"))["findings"]
    assert [(one["fault"], one["person"], one["clauses"]) for one in wrong] == [("nobody_entrusted", "tao", ["HK-6-2"])]
    back_to_front = {"since": period["until"], "until": period["since"]}
    await house.refused("attendance.review_entrustments", back_to_front, by="yan")
    [gap] = (await house.done("attendance.list_acting_gaps", now, by="yan"))["items"]
    assert (gap["principal"], gap["absence_id"], gap["to_name"]) == ("tao", away["id"], ["tao"])
    assert (gap["clauses"], gap["since"]) == (["HK-6-2"], "2022-03-03T16:00:00Z")
    await house.clock(at("2022-03-06"))
    later = {"open_at": "2022-03-06T00:00:00+08:00"}
    assert (await house.done("attendance.list_acting_gaps", later, by="yan"))["items"] == []
    [gap] = (await house.done("attendance.list_acting_gaps", now, by="yan"))["items"]
    assert gap["until"] == "2022-03-04T16:00:00Z"
    assert await acts("2022-03-06T00:00:00+08:00") == ["kong"]
    assert await acts("2022-03-03T00:00:00+08:00") == ["cao"]
    await house.clock(at("2022-03-09", 21))
    await house.done("attendance.report_return", {"id": away["id"]}, by="tao")
    await house.settle()
    assert await acts("2022-03-09T21:00:00+08:00") == []


async def test_a_clock_that_leaps_over_everything_gives_every_moment_its_own_time(house: SmallHouse) -> None:
    """As after a long standstill of the service: begun when he left, ended when the mandate ran out."""
    await house.clock(at("2022-03-15"))
    trip = TRIP | {"starts_at": "2022-03-16T08:00:00+08:00", "ends_at": "2022-03-25T20:00:00+08:00"}
    away = await house.done("attendance.announce_absence", trip, by="tao")
    acting = {"kind": "acting", "post": "mayor"}
    times = {"starts_at": "2022-03-15T00:00:00+08:00", "ends_at": "2022-03-18T00:00:00+08:00"}
    await house.done("attendance.give_entrustment", {"receiver": "shi", "object": acting} | times, by="tao")
    await house.clock(at("2022-04-10"))
    [acted] = (await house.done("attendance.list_actings", {"actor": "shi"}, by="yan"))["items"]
    assert (acted["absence_id"], acted["started_at"], acted["ended_at"]) == (
        away["id"],
        "2022-03-16T00:00:00Z",
        "2022-03-17T16:00:00Z",
    )
    await house.done("attendance.report_return", {"id": away["id"]}, by="tao")


async def test_a_return_that_is_not_reported_falls_due_and_is_shown(house: SmallHouse) -> None:
    """虹口2022 六十二: the next working day."""
    await house.clock(at("2022-04-20"))
    trip = TRIP | {"starts_at": "2022-04-21T08:00:00+08:00", "ends_at": "2022-04-29T18:00:00+08:00"}
    away = await house.done("attendance.announce_absence", trip, by="zhang")
    assert {"HK-62-1", "HK-62-2"} <= {clause["id"] for clause in away["clauses"]}
    await house.clock(at("2022-05-05", 23, 59))
    assert (await house.done("attendance.list_absences", {"overdue": True}, by="yan"))["items"] == []
    await house.clock(at("2022-05-06", 0, 1))
    [late] = (await house.done("attendance.list_absences", {"overdue": True}, by="yan"))["items"]
    assert (late["person"], late["return_due_on"], late["stage"]) == ("zhang", "2022-05-05", "stands")
    await house.done("attendance.report_return", {"id": away["id"]}, by="office_clerk_qian")
    told = [event.type for event in await all_events(house.running("attendance")) if str(event.stream) == away["id"]]
    assert told.count("attendance.return_overdue") == 1
    assert told[-1] == "attendance.return_reported"


async def test_absences_are_refused_withdrawn_and_listed_by_page(house: SmallHouse) -> None:
    await house.clock(at("2022-06-01"))
    trip = TRIP | {"starts_at": "2022-06-10T08:00:00+08:00", "ends_at": "2022-06-11T20:00:00+08:00"}
    one = await house.done("attendance.announce_absence", trip, by="cao")
    over = await house.refused("attendance.announce_absence", trip, by="cao")
    assert [reason["code"] for reason in over["reasons"]] == ["over_another_absence"]
    late = trip | {"starts_at": "2022-05-30T08:00:00+08:00", "ends_at": "2022-06-02T20:00:00+08:00"}
    problem = await house.refused("attendance.announce_absence", late, by="cao", Accept_Language="en")
    assert problem["reasons"][0]["says"] == "It had to be put forward before leaving"
    assert [clause["article"] for clause in problem["clauses"]] == ["62", "62"]
    await house.refused("attendance.announce_absence", trip | {"cause": "no_such_cause"}, by="shi", status=422)
    await house.refused("attendance.withdraw_absence", {"id": one["id"], "reason": "?"}, by="shi", status=403)
    await house.done("attendance.withdraw_absence", {"id": one["id"], "reason": "改期"}, by="cao")
    again = await house.done("attendance.announce_absence", trip, by="cao")
    first = await house.done("attendance.list_absences", {"person": "cao", "limit": 1}, by="yan")
    rest = await house.done("attendance.list_absences", {"person": "cao", "cursor": first["next"]}, by="yan")
    listed = [line["id"] for line in (*first["items"], *rest["items"])]
    assert sorted(listed) == sorted([one["id"], again["id"]])
    head = trip | {"leaving": "city"}
    passed_on = await house.done("attendance.announce_absence", head, by="justice_head")
    seen = await house.done("attendance.get_absence", {"id": passed_on["id"]}, by="yan")
    assert (seen["stage"], [step["do"] for step in seen["open_steps"]]) == ("stands", ["report"])
    assert "office_clerk_qian" in seen["open_steps"][0]["who"]
    await house.done("attendance.take_absence_step", {"id": passed_on["id"]}, by="office_clerk_qian")
    seen = await house.done("attendance.get_absence", {"id": passed_on["id"]}, by="yan")
    assert seen["open_steps"] == []


async def test_a_trip_is_replanned_extended_and_overdue_only_from_its_new_end(house: SmallHouse) -> None:
    """虹口2022 六十二: told anew before he leaves, longer before the end; the return is owed from then."""
    await house.clock(at("2022-06-13"))
    trip = TRIP | {"starts_at": "2022-06-14T08:00:00+08:00", "ends_at": "2022-06-16T20:00:00+08:00"}
    away = await house.done("attendance.announce_absence", trip, by="kong")
    other = trip | {"id": away["id"], "destination": "南京", "because": "会议改址"}
    await house.refused("attendance.change_absence", other, by="shi", status=403)
    changed = await house.done("attendance.change_absence", other, by="kong")
    assert changed["events"][0]["type"] == "attendance.absence_replanned"
    await house.clock(at("2022-06-16", 9))
    longer = {"id": away["id"], "ends_at": "2022-06-21T20:00:00+08:00", "reason": "会期延长"}
    await house.done("attendance.extend_absence", longer, by="kong")
    seen = await house.done("attendance.get_absence", {"id": away["id"]}, by="yan")
    assert (seen["destination"], seen["ends_at"], seen["half_days"]) == ("南京", longer["ends_at"], 16)
    assert (seen["extension"], seen["return_due"]["due_on"]) == (None, "2022-06-22")
    await house.clock(at("2022-06-20"))
    [line] = (await house.done("attendance.list_absences", {"person": "kong", "stage": "stands"}, by="yan"))["items"]
    assert (line["overdue"], line["reason"], line["wants_until"]) == (False, "参加会议", None)
    problem = await house.refused("attendance.change_absence", other | {"destination": "上海"}, by="kong")
    assert [reason["code"] for reason in problem["reasons"]] == ["absence_begun"]
    await house.clock(at("2022-06-23", 0, 1))
    late = (await house.done("attendance.list_absences", {"person": "kong", "overdue": True}, by="yan"))["items"]
    assert [one["id"] for one in late] == [away["id"]]
    await house.done("attendance.report_return", {"id": away["id"]}, by="kong")


async def test_thirty_appointments_to_one_seat_at_once_give_it_to_one(house: SmallHouse) -> None:
    """A post of one seat is never held twice, however the requests meet."""
    people = [f"candidate_{number}" for number in range(30)]
    roster = {"persons": {person: {"name": person} for person in people}}
    await house.done("attendance.load_roster", roster, roles=("roster",))
    seat = {"post": "office_director", "unit": "justice_bureau", "starts_on": "2022-07-01"}
    answers = await asyncio.gather(
        *(house.call("attendance.appoint_person", seat | {"id": one}, by="office_clerk_qian") for one in people)
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 29
    taken = {reason["code"] for answer in answers if answer.status_code == 409 for reason in answer.json()["reasons"]}
    assert taken == {"seat_taken"}
    holders = await who_is(house, "office_director", "2022-07-02T00:00:00+08:00")
    assert len([one for one in holders if one["unit"] == "justice_bureau"]) == 1


async def test_a_whole_roster_is_checked_whole_and_loaded_once(house: SmallHouse) -> None:
    units = [{"unit_id": "new_bureau", "kind": "department", "name_zh": "新局", "name_en": "New"}]
    flawed = {
        "units": units,
        "persons": {"p1": {"name": "甲"}, "p2": {"name": "乙"}},
        "appointments": [
            {"person": "p1", "post": "mayor", "from": "2022-07-01"},
            {"person": "p1", "post": "king", "from": "2022-07-01"},
            {"person": "nobody", "post": "unit_clerk", "unit": "nowhere", "from": "2022-07-01"},
            {"person": "p1", "post": "office_director", "unit": "new_bureau", "from": "2022-07-01"},
            {"person": "p2", "post": "office_director", "unit": "new_bureau", "from": "2022-08-01"},
        ],
        "portfolios": [{"person": "p1", "units": ["nowhere"], "from": "2022-07-01"}],
    }
    problem = await house.refused("attendance.load_roster", flawed, roles=("roster",))
    assert [(reason["code"], reason["subject"]) for reason in problem["reasons"]] == [
        ("unknown_person", "appointments.2"),
        ("unknown_post", "appointments.1"),
        ("unknown_unit", "appointments.2"),
        ("unknown_unit", "portfolios.0"),
        ("seat_taken", "appointments.0"),
        ("seat_taken", "appointments.4"),
    ]
    sound = {
        "units": units,
        "persons": {"p1": {"name": "甲"}},
        "appointments": [{"person": "p1", "post": "unit_clerk", "unit": "new_bureau", "from": "2022-07-01"}],
        "portfolios": [{"person": "p1", "units": ["new_bureau"], "from": "2022-07-01"}],
    }
    store = house.running("attendance").store
    before = await store.last_position()
    tried = await house.done("attendance.load_roster", sound | {"dry_run": "true"}, roles=("roster",))
    assert (tried["dry_run"], await store.last_position()) == (True, before)
    await house.refused("attendance.load_roster", sound, by="justice_clerk", status=403)
    await house.refused("attendance.load_roster", sound, roles=("reader",), status=403)
    assert (await house.done("attendance.load_roster", sound, roles=("roster",)))["told"] == 3
    after = await store.last_position()
    assert after == before + 4
    assert (await house.done("attendance.load_roster", sound, roles=("roster",)))["told"] == 0
    assert await store.last_position() == after


async def test_the_past_is_answered_the_same_after_later_corrections(house: SmallHouse) -> None:
    then = "2022-07-10T00:00:00+08:00"
    before = await house.done("attendance.get_roster", {"as_of": then, "post": "unit_clerk"}, by="yan")
    change = {"id": "p1", "post": "unit_clerk", "unit": "new_bureau", "ended_on": "2022-07-31"}
    await house.done("attendance.end_appointment", change, by="office_clerk_qian")
    after = await house.done("attendance.get_roster", {"as_of": then, "post": "unit_clerk"}, by="yan")
    assert after == before
    gone = await house.done(
        "attendance.get_roster", {"as_of": "2022-08-02T00:00:00+08:00", "unit": "new_bureau"}, by="yan"
    )
    assert gone["holders"] == []


async def test_another_government_sees_nothing_of_it(house: SmallHouse) -> None:
    elsewhere: dict[str, Any] = {"by": "tao", "tenant": "try-hongkou-2022-x"}
    some = (await house.done("attendance.list_absences", {}, by="yan"))["items"][0]["id"]
    assert (await house.call("attendance.get_absence", {"id": some}, **elsewhere)).status_code == 404
    assert (await house.call("attendance.report_return", {"id": some}, **elsewhere)).status_code == 404
    assert (await house.done("attendance.get_roster", {}, **elsewhere))["holders"] == []


async def test_a_big_roster_is_loaded_within_seconds(house: SmallHouse) -> None:
    """2,000 posts of a large district; what is asked of a moment stays quick."""
    people = {f"many_{number}": {"name": f"人员{number}"} for number in range(2000)}
    seats = [
        {"person": person, "post": "unit_clerk", "unit": f"u{number % 80}", "from": "2022-01-01"}
        for number, person in enumerate(people)
    ]
    units = [
        {"unit_id": f"u{number}", "kind": "department", "name_zh": f"局{number}", "name_en": f"B{number}"}
        for number in range(80)
    ]
    begun = time.monotonic()
    loaded = await house.done(
        "attendance.load_roster", {"units": units, "persons": people, "appointments": seats}, roles=("roster",)
    )
    took = time.monotonic() - begun
    assert loaded["persons"] == 2000
    assert took < 30, f"{took:.1f} s"
    found = await house.done("attendance.get_roster", {"unit": "u7"}, by="yan")
    assert len(found["holders"]) == 25


async def test_engagements_are_asked_refused_and_listed(house: SmallHouse) -> None:
    """虹口2022 七十二: an inscription is refused with its clause; what nobody regulates stands."""
    asks = {"person": "tao", "act": "inscription", "title": "题写馆名", "on": "2022-09-01"}
    problem = await house.refused("attendance.ask_engagement", asks, by="culture_head")
    assert [(reason["code"]) for reason in problem["reasons"]] == ["engagement_refused"]
    assert [clause["id"] for clause in problem["clauses"]] == ["HK-72-1"]
    visit = await house.done("attendance.ask_engagement", asks | {"act": "school_visit"}, by="culture_head")
    seen = await house.done("attendance.get_engagement", {"id": visit["id"]}, by="yan")
    assert (seen["stage"], seen["asked"]["answer"], seen["open_steps"]) == ("agreed", "not_regulated", [])
    [line] = (await house.done("attendance.list_engagements", {"person": "tao", "since": "2022-08-01"}, by="yan"))[
        "items"
    ]
    assert (line["title"], line["on"], line["stage"]) == ("题写馆名", "2022-09-01", "agreed")
    await house.refused("attendance.take_engagement_step", {"id": visit["id"]}, by="yan")
    no = {"id": visit["id"], "reason": "?"}
    await house.refused("attendance.decline_engagement", no, by="yan")
    await house.done("attendance.withdraw_engagement", no, by="culture_head")


async def test_days_in_the_field_are_counted_once_each(house: SmallHouse) -> None:
    day = {"day": "2022-05-09", "place": "某街道", "subject": "旧住房改造"}
    for place in ("某街道", "某居委", "某街道"):
        await house.done("attendance.record_research_day", day | {"place": place}, by="tao")
    await house.done(
        "attendance.record_research_day", day | {"day": "2022-05-10", "person": "tao"}, by="office_clerk_qian"
    )
    listed = (await house.done("attendance.list_research_days", {"person": "tao"}, by="yan"))["items"]
    assert [(one["day"], one["place"]) for one in listed] == [
        ("2022-05-09", "某街道"), ("2022-05-09", "某居委"), ("2022-05-10", "某街道"),
    ]  # fmt: skip
    [tao] = (await house.done("attendance.get_research_quota", {"year": 2022}, by="yan"))["leaders"]
    assert (tao["person"], tao["days"], tao["wanted"], tao["left"]) == ("tao", 2, None, 0)
    await house.done("attendance.strike_research_day", {"day": "2022-05-09", "reason": "登记有误"}, by="tao")
    [tao] = (await house.done("attendance.get_research_quota", {"year": 2022}, by="yan"))["leaders"]
    assert tao["days"] == 1


async def test_a_correction_changes_what_was_and_not_what_was_known(house: SmallHouse) -> None:
    """Asked of a past day: as it is known now, or as it was known then."""
    await house.clock(at("2022-09-10"))
    seat = {"post": "unit_clerk", "unit": "justice_bureau", "starts_on": "2022-09-01"}
    await house.done("attendance.register_person", {"person_id": "late_one", "name": "迟到者"}, by="office_clerk_qian")
    await house.done("attendance.appoint_person", seat | {"id": "late_one"}, by="office_clerk_qian")
    await house.clock(at("2022-09-12"))
    now = seat | {"id": "late_one", "now_starts_on": "2022-09-08", "because": "登记日期有误"}
    await house.done("attendance.correct_appointment", now, by="office_clerk_qian")

    async def there(**asked: str) -> bool:
        of_that_day = {"as_of": "2022-09-05T12:00:00+08:00", "unit": "justice_bureau", **asked}
        found = await house.done("attendance.get_roster", of_that_day, by="yan")
        return "late_one" in {one["person"] for one in found["holders"]}

    assert not await there()
    assert await there(known_at="2022-09-11T00:00:00+08:00")
    assert not await there(known_at="2022-09-13T00:00:00+08:00")
    assert not await there(known_at="2022-09-09T00:00:00+08:00")


async def test_a_roster_goes_out_as_a_file_and_comes_in_again(house: SmallHouse) -> None:
    """What was exported tells nothing new; 2,000 new posts take seconds; a flawed file is listed, and refused whole."""
    keeper: dict[str, Any] = {"roles": ("roster",)}
    for kind in ("xlsx", "csv"):
        sent = await house.call("attendance.export_roster", {"kind": kind}, by="yan")
        again = await house.done("attendance.import_roster", {"content": sent.content}, **keeper)
        assert (again["told"], again["problems"]) == (0, [])
    lines = [
        {
            "what": "任职",
            "id": f"file_{n}",
            "name": f"新人{n}",
            "post": "unit_clerk",
            "unit": f"u{n % 80}",
            "from": "2022-01-01",
        }
        for n in range(2000)
    ]
    content = csv.write(Table("名册", COLUMNS, lines))
    begun = time.monotonic()
    loaded = await house.done("attendance.import_roster", {"content": content}, **keeper)
    took = time.monotonic() - begun
    assert (loaded["persons"], loaded["appointments"]) == (2000, 2000)
    assert took < 30, f"{took:.1f} s"
    flawed = csv.write(Table("名册", COLUMNS, [lines[0] | {"post": "king"}, {"what": "调动", "id": "x"}]))
    looked_at = await house.done("attendance.import_roster", {"content": flawed, "dry_run": "true"}, **keeper)
    assert [(one["cell"], one["code"]) for one in looked_at["problems"]] == [
        ("A3", "row_of_no_kind"),
        ("G2", "unknown_post"),
    ]
    assert (looked_at["told"], looked_at["dry_run"]) == (0, True)
    refused = await house.refused("attendance.import_roster", {"content": flawed}, **keeper)
    assert {reason["subject"] for reason in refused["reasons"]} == {"A3", "G2"}
    await house.refused("attendance.import_roster", {"content": content}, by="shi", status=403)


async def test_the_service_answers_as_its_document_says(house: SmallHouse) -> None:
    token = house.issuer.mint(TENANT, person="office_clerk_qian")
    assert await contract_of(house.apps["attendance"], {"Authorization": f"Bearer {token}"}) == []


async def test_all_events_folded_again_give_the_same_read_models(house: SmallHouse) -> None:
    """Promise 2: replaying all events gives the same state."""
    running = house.running("attendance")
    own = projected(await all_events(running), [one for one in SERVICE.projections if one.name != "deadline"])
    assert set(own) == {"absences", "actings", "acting_gaps", "entrustments", "engagements", "research_days"}
    for table, rows in own.items():
        stored = await stored_rows(running, table, TENANT)
        assert len(stored) == len(rows) > 0, table
        for row in rows.values():
            assert any(alike(one, row) for one in stored), (table, row)
