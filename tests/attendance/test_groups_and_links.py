"""Groups that a government names itself, and the addresses at which calendar programs read."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from attendance_svc.group.form import FormGroup, form_group
from attendance_svc.group.state import GROUP
from attendance_svc.roster_file.columns import COLUMNS
from chancery.events.attendance import CalendarLinkGiven, GroupFormed
from chancery.office import csv
from chancery.office.table import Table
from chancery.roster import Roster
from chancery.web.links import drawn_key, fits
from tests.hongkou import CLERK, JUSTICE_CLERK, at, rules
from tests.replay import all_events
from tests.scenario import scenario
from tests.small_house import TENANT, SmallHouse

KEEPER: dict[str, Any] = {"roles": ("roster",)}
TEAM = GroupFormed(
    group_id="flood_team",
    name_zh="防汛工作专班",
    name_en="Flood team",
    members=("kong", "cao"),
    starts_on=date(2022, 5, 1),
)
HONGKOU = rules(at("2022-05-02"))


def test_a_group_is_formed_by_who_keeps_the_roster_and_known_once() -> None:
    group = scenario(GROUP, HONGKOU)
    group.when(form_group, FormGroup(CLERK, (TEAM,))).then(TEAM)
    group.given(TEAM).when(form_group, FormGroup(CLERK, (TEAM,))).quiet()
    turned = TEAM.model_copy(update={"members": ("cao", "kong")})
    group.given(TEAM).when(form_group, FormGroup(CLERK, (turned,))).quiet()
    group.when(form_group, FormGroup(JUSTICE_CLERK, (TEAM,))).forbidden("not_a_keeper_of_the_roster")


def test_a_group_takes_no_name_of_the_rules_and_no_stranger() -> None:
    wrong = TEAM.model_copy(update={"group_id": "heads", "members": ("kong", "stranger", "ghost")})
    told = scenario(GROUP, HONGKOU).when(form_group, FormGroup(CLERK, (wrong,)))
    told.refused("group_of_the_rules", "unknown_person", "unknown_person")


DAYS = st.integers(0, 60)


@settings(deadline=None)
@given(st.lists(st.tuples(DAYS, st.sets(st.sampled_from("abcd"), max_size=4)), max_size=10), DAYS)
def test_a_group_of_a_day_is_what_was_said_last_for_the_latest_day_before(
    said: list[tuple[int, set[str]]], asked: int
) -> None:
    first = date(2022, 5, 1)
    formed = [
        TEAM.model_copy(update={"members": tuple(sorted(who)), "starts_on": first + timedelta(days=day)})
        for day, who in said
    ]
    found = Roster.of(formed).group("flood_team", at((first + timedelta(days=asked)).isoformat()))
    before = {day: who for day, who in said if day <= asked}
    assert (found is None) == (not before)
    if found is not None:
        assert set(found.members) == before[max(before)]


async def test_a_group_comes_with_the_roster_and_goes_out_with_it(house: SmallHouse) -> None:
    """Loaded, listed as of a day, exported and imported again; its week and its calendar are to be had."""
    await house.clock(at("2022-05-02"))
    team: dict[str, Any] = {"group": TEAM.group_id, "name_zh": TEAM.name_zh, "name_en": TEAM.name_en}
    form = {"groups": [team | {"members": ["kong", "cao"], "from": "2022-05-01"}]}
    assert (await house.done("attendance.load_roster", form, **KEEPER))["told"] == 1
    assert (await house.done("attendance.load_roster", form, **KEEPER))["told"] == 0
    later = {"group_id": "flood_team", "name_zh": "防汛工作专班", "name_en": "Flood team", "members": ["shi"]}
    await house.done("attendance.form_group", later | {"starts_on": "2022-06-01"}, by="office_clerk_qian")
    for day, members in (("2022-04-30", []), ("2022-05-31", ["kong", "cao"]), ("2022-06-01", ["shi"])):
        listed = await house.done("attendance.list_groups", {"as_of": f"{day}T12:00:00+08:00"}, by="yan")
        assert [one["members"] for one in listed["groups"]] == ([members] if members else [])
    for kind in ("xlsx", "csv"):
        sent = await house.call("attendance.export_roster", {"kind": kind}, by="yan")
        again = await house.done("attendance.import_roster", {"content": sent.content}, **KEEPER)
        assert (again["told"], again["problems"]) == (0, [])
    lines = [
        {"what": "群组", "id": "fire_team", "name": "森林防火组", "members": "kong、shi", "from": "2022-05-01"},
        {"what": "group", "id": "heads", "name": "负责人", "members": "kong", "from": "2022-05-01"},
        {"what": "group", "id": "ghosts", "name": "无人", "members": "kong；ghost", "from": "2022-05-01"},
        {"what": "group", "id": "nameless", "from": "2022-05-01"},
    ]
    looked = await house.done(
        "attendance.import_roster",
        {"content": csv.write(Table("名册", COLUMNS, lines)), "dry_run": "true"},
        **KEEPER,
    )
    assert [(one["cell"], one["code"]) for one in looked["problems"]] == [
        ("C5", "row_lacks_a_cell"),
        ("B3", "group_of_the_rules"),
        ("N4", "unknown_person"),
    ]
    content = csv.write(Table("名册", COLUMNS, lines[:1]))
    assert (await house.done("attendance.import_roster", {"content": content}, **KEEPER))["told"] == 1
    week = await house.done("attendance.get_itinerary", {"group": "flood_team"}, by="yan")
    assert [one["person"] for one in week["leaders"]] == ["kong", "cao"]
    feed = await house.call("attendance.get_group_calendar", {"group": "fire_team"}, by="yan")
    assert "森林防火组" in feed.content.decode()


async def read(house: SmallHouse, path: str) -> httpx.Response:
    """As a calendar program reads: with the address and nothing else."""
    transport = httpx.ASGITransport(house.apps["attendance"])
    async with httpx.AsyncClient(transport=transport, base_url="http://attendance") as client:
        return await client.get(path)


async def test_a_calendar_program_reads_at_an_address_until_it_is_withdrawn(house: SmallHouse) -> None:
    trip = {
        "leaving": "city",
        "cause": "business_trip",
        "destination": "南京",
        "reason": "参加会议",
        "starts_at": "2022-05-10T08:00:00+08:00",
        "ends_at": "2022-05-11T20:00:00+08:00",
    }
    away = await house.done("attendance.announce_absence", trip, by="kong")
    for given_ in ({"group": "leaders"}, {"person": "kong"}, {"group": "flood_team"}):
        link = await house.done("attendance.take_calendar_link", given_, by="yan")
        answer = await read(house, link["path"])
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
        calendar: Any = Calendar.from_ical(answer.content)
        assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
        assert any(str(event["UID"]).startswith(away["id"]) for event in calendar.walk("VEVENT"))
        await house.refused("attendance.withdraw_calendar_link", {"link_id": link["id"]}, by="shi", status=403)
        await house.done("attendance.withdraw_calendar_link", {"link_id": link["id"]}, by="yan")
        assert (await read(house, link["path"])).status_code == 404
    listed = (await house.done("attendance.list_calendar_links", {}, by="yan"))["items"]
    assert [one["withdrawn"] for one in listed] == [True] * 3
    assert (await house.done("attendance.list_calendar_links", {}, by="shi"))["items"] == []
    wrong: tuple[Mapping[str, Any], ...] = ({}, {"group": "leaders", "person": "kong"}, {"person": "ghost"})
    for one in wrong:
        await house.refused("attendance.take_calendar_link", dict(one), by="yan")
    await house.refused("attendance.take_calendar_link", {"group": "no_such"}, by="yan", status=404)


async def test_an_address_is_good_for_its_key_its_government_and_while_its_holder_holds_a_post(
    house: SmallHouse,
) -> None:
    """Nothing of the key is stored, and no log line holds it."""
    with structlog.testing.capture_logs() as lines:
        link = await house.done("attendance.take_calendar_link", {"group": "leaders"}, by="culture_clerk")
        asked = {name: value[0] for name, value in parse_qs(urlsplit(str(link["path"])).query).items()}
        assert (await read(house, link["path"])).status_code == 200
        for changed in (
            {"key": asked["key"][::-1]},
            {"of": "gaojing"},
            {"link": "019a0000-0000-7000-8000-000000000001"},
        ):
            query = httpx.QueryParams({**asked, **changed})
            assert (await read(house, f"/attendance/calendars/feed.ics?{query}")).status_code == 404
    assert lines
    assert all(asked["key"] not in repr(line) for line in lines)
    stored = await all_events(house.running("attendance"))
    assert all(asked["key"] not in repr(one.recorded().event) for one in stored)
    [given_] = [
        e
        for e in (one.recorded().event for one in stored)
        if isinstance(e, CalendarLinkGiven) and e.link_id == link["id"]
    ]
    assert fits(asked["key"], given_.key_sha256)
    left = {"id": "culture_clerk", "post": "unit_clerk", "unit": "culture_bureau", "ended_on": "2022-05-01"}
    await house.done("attendance.end_appointment", left, by="office_clerk_qian")
    assert (await read(house, link["path"])).status_code == 404


async def test_a_page_gives_the_address_once_and_withdraws_it(house: SmallHouse) -> None:
    cookies = {"chancery_attendance": house.issuer.mint(TENANT, person="yan")}
    transport = httpx.ASGITransport(house.apps["attendance"])
    async with httpx.AsyncClient(transport=transport, base_url="http://attendance", cookies=cookies) as client:
        page = await client.post("/attendance/links", data={"group": "leaders"})
        address = page.text.split('class="address">', 1)[1].split("<", 1)[0].replace("&amp;", "&")
        assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
        assert (await read(house, address)).status_code == 200
        where = page.text.split('action="/attendance/links/', 1)[1].split("/", 1)[0]
        assert (await client.post(f"/attendance/links/{where}/withdraw")).status_code == 303
        assert (await read(house, address)).status_code == 404
        assert (await client.post("/attendance/links", data={"group": "no_such"})).status_code == 404


def test_a_key_fits_what_was_kept_of_it_alone() -> None:
    key, kept = drawn_key()
    other, _ = drawn_key()
    assert fits(key, kept)
    assert not fits(other, kept)
    assert key not in kept
