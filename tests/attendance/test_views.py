"""What people look at and print, over HTTP: the week, the ledger and its exports, calendars, the leave form."""

import base64
import csv as plain_csv
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from io import BytesIO, StringIO
from typing import Any, cast

import httpx
import pytest
from docx import Document
from icalendar import Calendar
from openpyxl import load_workbook
from pypdf import PdfReader

from attendance_svc.views.ledger import COLUMNS
from attendance_svc.views.week import halves
from chancery.office import xlsx
from tests.hongkou import at
from tests.small_house import TENANT, SmallHouse

TRIP = {
    "leaving": "city",
    "cause": "business_trip",
    "destination": "北京",
    "reason": "=HYPERLINK(1) 参加<b>会议</b>",
    "starts_at": "2022-02-14T08:00:00+08:00",
    "ends_at": "2022-02-18T20:00:00+08:00",
}
ACTING = {"kind": "acting", "post": "mayor"}


@asynccontextmanager
async def browser(house: SmallHouse, person: str | None = "yan") -> AsyncGenerator[httpx.AsyncClient]:
    """Somebody's browser; ``person`` None has not signed in."""
    cookies = {"chancery_attendance": house.issuer.mint(TENANT, person=person)} if person else {}
    transport = httpx.ASGITransport(house.apps["attendance"])
    async with httpx.AsyncClient(transport=transport, base_url="http://attendance", cookies=cookies) as client:
        yield client


async def leader(house: SmallHouse, person: str, **asked: str) -> dict[str, Any]:
    week = await house.done("attendance.get_itinerary", asked, by="yan")
    return next(one for one in week["leaders"] if one["person"] == person)


@pytest.fixture(scope="module")
async def away(house: SmallHouse) -> dict[str, str]:
    """A week of which the tests speak: the mayor away with a mandate that ends early, a deputy and a head away."""
    mandate = {"starts_at": "2022-02-14T00:00:00+08:00", "ends_at": "2022-02-17T00:00:00+08:00"}
    await house.done("attendance.give_entrustment", {"receiver": "cao", "object": ACTING} | mandate, by="tao")
    trips: dict[str, dict[str, Any]] = {
        "tao": TRIP,
        "kong": TRIP
        | {"cause": "visit", "starts_at": "2022-02-16T13:00:00+08:00", "ends_at": "2022-02-17T12:00:00+08:00"},
        "justice_head": TRIP
        | {"destination": "苏州", "starts_at": "2022-02-15T08:00:00+08:00", "ends_at": "2022-02-15T18:00:00+08:00"},
    }
    return {
        person: cast("str", (await house.done("attendance.announce_absence", trip, by=person))["id"])
        for person, trip in trips.items()
    }


async def test_the_week_says_who_is_away_and_who_will_act(house: SmallHouse, away: dict[str, str]) -> None:
    """Before it begins, by the mandate that was given; from and to are said, and the mandate's end counts."""
    await house.clock(at("2022-02-13", 10))
    mayor = await leader(house, "tao", on="2022-02-16")
    [trip] = mayor["away"]
    assert (trip["absence_id"], trip["destination"], trip["cause"]["zh"]) == (away["tao"], "北京", "出差")
    [acts] = trip["acting"]
    assert (acts["actor"], acts["planned"]) == ("cao", True)
    assert (acts["starts_at"], acts["ends_at"]) == ("2022-02-14T00:00:00Z", "2022-02-16T16:00:00Z")
    [visit] = (await leader(house, "kong", on="2022-02-16"))["away"]
    assert (visit["acting"], visit["nobody"]) == ([], "not_regulated")
    assert (await leader(house, "cao", on="2022-02-16"))["away"] == []
    assert (await leader(house, "tao", on="2022-02-21"))["away"] == []


async def test_the_week_follows_what_happens(house: SmallHouse, away: dict[str, str]) -> None:
    """Acting began, the mandate ran out and nobody is named, the mayor came back: each is seen as it is."""
    await house.clock(at("2022-02-15", 9))
    [trip] = (await leader(house, "tao"))["away"]
    [acts] = trip["acting"]
    assert (acts["actor"], acts["planned"], acts["ends_at"]) == ("cao", False, "2022-02-16T16:00:00Z")
    await house.clock(at("2022-02-17", 9))
    [trip] = (await leader(house, "tao"))["away"]
    assert [one["actor"] for one in trip["acting"]] == ["cao"]
    assert trip["nobody"] == "nobody_named"
    async with browser(house) as client:
        page = (await client.get("/attendance")).text
    assert "尚未明确代行人" in page
    assert "曹海宁 代行" in page
    await house.done("attendance.report_return", {"id": away["tao"]}, by="tao")
    [trip] = (await leader(house, "tao", on="2022-02-17"))["away"]
    assert (trip["ends_at"], trip["stage"], trip["nobody"]) == ("2022-02-17T01:00:00Z", "returned", None)


async def test_a_week_of_a_group_and_of_none(house: SmallHouse, away: dict[str, str]) -> None:
    week = await house.done("attendance.get_itinerary", {"on": "2022-02-15", "group": "department_head"}, by="yan")
    gone = {one["person"]: [trip["absence_id"] for trip in one["away"]] for one in week["leaders"] if one["away"]}
    assert gone == {"justice_head": [away["justice_head"]]}
    assert [day["works"] for day in week["days"]] == [True] * 5 + [False] * 2
    await house.refused("attendance.get_itinerary", {"group": "no_such_group"}, by="yan", status=404)


async def test_the_ledger_is_filtered_and_shows_the_columns_chosen(house: SmallHouse, away: dict[str, str]) -> None:
    async def found(**asked: Any) -> set[str]:
        page = await house.done("attendance.get_ledger", {"column": ["id"], **asked}, by="yan")
        assert [column["key"] for column in page["columns"]] == ["id"]
        return {item["id"] for item in page["items"]}

    assert await found() == set(away.values())
    assert await found(person="kong") == {away["kong"]}
    assert await found(unit="justice_bureau") == {away["justice_head"]}
    assert await found(cause="visit") == {away["kong"]}
    assert await found(stage="refused") == set()
    assert await found(**{"from": "2022-02-17"}) == {away["tao"], away["kong"]}
    assert await found(to="2022-02-14") == {away["tao"]}
    page = await house.done("attendance.get_ledger", {"person": "kong", "column": ["days", "name"]}, by="yan")
    assert page["items"] == [{"days": 1.0, "name": "孔志强"}]
    problem = await house.refused("attendance.get_ledger", {"column": ["salary"]}, by="yan", status=422)
    assert [reason["code"] for reason in problem["reasons"]] == ["no_such_column"]


async def test_a_unit_is_that_of_the_post_held_when_he_left(house: SmallHouse, away: dict[str, str]) -> None:
    """Who came to the unit later, or was gone from it before, was not away from it."""

    async def of(unit: str) -> set[str]:
        page = await house.done("attendance.get_ledger", {"unit": unit, "column": ["id"]}, by="yan")
        return {item["id"] for item in page["items"]}

    for unit, first, last in (("audit_bureau", "2021-11-01", "2022-02-14"), ("market_bureau", "2022-02-16", None)):
        post: dict[str, Any] = {"id": "justice_head", "post": "unit_clerk", "unit": unit, "starts_on": first}
        await house.done("attendance.appoint_person", post | {"until": last}, by="office_clerk_qian")
    assert await of("audit_bureau") == await of("market_bureau") == set()
    assert await of("justice_bureau") == {away["justice_head"]}
    one = {"person": "justice_head", "column": ["unit"]}
    page = await house.done("attendance.get_ledger", one, by="yan")
    assert [item["unit"] for item in page["items"]] == ["区司法局"]


async def test_the_export_has_exactly_the_columns_and_rows_shown(house: SmallHouse, away: dict[str, str]) -> None:
    chosen = ["reason", "name", "starts_at", "return_due_on"]
    asked = {"sheet": "xlsx", "column": chosen, "unit": "justice_bureau"}
    answer = await house.call("attendance.export_ledger", asked, by="yan")
    assert answer.headers["content-type"] == xlsx.MEDIA_TYPE
    sheet: Any = load_workbook(BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[1]] == ["事由\nReason", "姓名\nName", "起\nFrom", "应销假日\nReturn due"]
    assert sheet.max_row == 2
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "d", "d"]
    assert (sheet["A2"].value, sheet["A2"].quotePrefix) == (TRIP["reason"], True)
    read = xlsx.read(answer.content, COLUMNS)
    assert [row.values["return_due_on"].isoformat() for row in read.rows] == ["2022-02-16"]  # type: ignore[union-attr]
    async with browser(house) as client:
        page = (await client.get("/attendance/ledger", params={"column": chosen, "unit": "justice_bureau"})).text
        link = page.split('href="/attendance/ledger.csv', 1)[1].split('"', 1)[0].replace("&amp;", "&")
        csv = await client.get(f"/attendance/ledger.csv{link}")
    lines = list(plain_csv.reader(StringIO(csv.content.decode("utf-8-sig"), newline="")))
    assert lines[0] == ["事由 Reason", "姓名 Name", "起 From", "应销假日 Return due"]
    assert [line[0] for line in lines[1:]] == [f"'{TRIP['reason']}"]
    assert "&lt;b&gt;会议" in page
    assert "<b>会议" not in page


async def test_a_calendar_keeps_its_ids_and_counts_changes(house: SmallHouse, away: dict[str, str]) -> None:
    async def events(operation: str, given: dict[str, str]) -> dict[str, Any]:
        answer = await house.call(operation, given, by="yan")
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        calendar: Any = Calendar.from_ical(answer.content)
        assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
        return {str(event["UID"]).partition("@")[0]: event for event in calendar.walk("VEVENT")}

    of_one = await events("attendance.get_person_calendar", {"person_id": "kong"})
    assert set(of_one) == {away["kong"]}
    leaders = await events("attendance.get_group_calendar", {"group": "leaders"})
    assert set(leaders) == {away["tao"], away["kong"]}
    assert set(await events("attendance.get_group_calendar", {"group": "heads"})) == {away["justice_head"]}
    later = TRIP | {"starts_at": "2022-03-14T08:00:00+08:00", "ends_at": "2022-03-18T20:00:00+08:00"}
    trip = (await house.done("attendance.announce_absence", later, by="shi"))["id"]
    before = (await events("attendance.get_person_calendar", {"person_id": "shi"}))[trip]
    await house.done("attendance.withdraw_absence", {"id": trip, "reason": "改期"}, by="shi")
    after = (await events("attendance.get_person_calendar", {"person_id": "shi"}))[trip]
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert after["SEQUENCE"] > before["SEQUENCE"]
    await house.refused("attendance.get_person_calendar", {"person_id": "nobody"}, by="yan", status=404)


async def test_a_calendar_program_comes_with_the_token_as_its_password(house: SmallHouse, away: dict[str, str]) -> None:
    token = house.issuer.mint(TENANT, person="yan")
    async with browser(house, None) as client:
        where = "/attendance/calendars/persons/kong.ics"
        no = await client.get(where)
        assert (no.status_code, no.headers["www-authenticate"][:5]) == (401, "Basic")
        assert (await client.get(where, auth=("yan", token + "x"))).status_code == 401
        broken = base64.b64encode(b"\xff\xfe").decode()
        assert (await client.get(where, headers={"Authorization": f"Basic {broken}"})).status_code == 401
        assert away["kong"] in (await client.get(where, auth=("yan", token))).text


async def test_the_leave_form_says_what_was_asked_done_and_by_which_clause(
    house: SmallHouse, away: dict[str, str]
) -> None:
    form = await house.call("attendance.print_leave_form", {"absence_id": away["justice_head"]}, by="yan")
    assert form.headers["content-type"] == "application/pdf"
    said = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(form.content)).pages)
    for part in (
        "外出报告单",
        "韩思源",
        "苏州",
        "参加<b>会议</b>",
        "第62条（HK-62-3）",
        "2022-02-1508:00至2022-02-1518:00（1天）",
        "报告部门主要负责人韩思源",
    ):
        assert part in said, part
    word = await house.call("attendance.write_leave_form", {"absence_id": away["tao"]}, by="yan")
    tables = Document(BytesIO(word.content)).tables
    rows = [[cell.text for cell in row.cells] for row in tables[0].rows]
    assert rows[0] == ["姓名", "陶启明", "职务", "区长"]
    [acted] = [row for row in rows if row[0] == "代行"]
    assert acted[1].startswith("曹海宁　2022-02-14 08:00 至 2022-02-17 00:00")
    [back] = [row for row in rows if row[2] == "销假"]
    assert back[3] == "2022-02-17 09:00"
    nobody = "00000000-0000-7000-8000-000000000000"
    await house.refused("attendance.print_leave_form", {"absence_id": nobody}, by="yan", status=404)


async def test_pages_show_nothing_without_a_valid_token(house: SmallHouse, away: dict[str, str]) -> None:
    other = house.issuer.mint("gaojing", person="yan")
    async with browser(house, None) as client:
        for where in ("/attendance", "/attendance/ledger"):
            assert "令牌" in (await client.get(where)).text
        for where in ("ledger.xlsx", f"absences/{away['tao']}/form.pdf", "calendars/groups/leaders.ics"):
            assert (await client.get(f"/attendance/{where}")).status_code == 401
        refused = await client.post("/attendance/sign-in", data={"token": "no"})
        assert (refused.status_code, "无效" in refused.text) == (401, True)
        entered = await client.post("/attendance/sign-in", data={"token": house.issuer.mint(TENANT, person="yan")})
        assert (entered.status_code, entered.headers["location"]) == (303, "/attendance")
        cookie = entered.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "陶启明" in (await client.get("/attendance", params={"on": "2022-02-14"})).text
    async with browser(house, None) as client:
        client.cookies.set("chancery_attendance", other)
        found = await client.get(f"/attendance/absences/{away['tao']}/form.pdf")
        assert found.status_code == 404


async def test_pages_say_so_where_there_is_nothing_to_be_asked(house: SmallHouse, away: dict[str, str]) -> None:
    async with browser(house) as client:
        for where in (
            "?on=2022-02-30",
            "?group=no_such_group",
            "/ledger?stage=no_such_stage",
            "/ledger?person=nobody",
            "/ledger?column=salary",
            "/ledger?from=yesterday",
            "/ledger?cursor=x",
        ):
            answer = await client.get(f"/attendance{where}")
            assert (answer.status_code, answer.headers["content-type"][:9]) == (404, "text/html"), where
        empty = await client.get("/attendance/ledger", params={"stage": "refused", "person": "", "from": ""})
        assert "没有符合条件" in empty.text


async def test_pages_need_nothing_from_outside(house: SmallHouse, away: dict[str, str]) -> None:
    async with browser(house) as client:
        for where in ("", "/ledger"):
            answer = await client.get(f"/attendance{where}")
            assert "http://" not in answer.text.replace("http://attendance", "")
            assert "https://" not in answer.text
            assert "<script" not in answer.text
            assert "default-src 'none'" in answer.headers["content-security-policy"]
        for name in ("paper.css", "attendance.css"):
            style = await client.get(f"/attendance/static/{name}")
            assert "url(" not in style.text
            assert "@import" not in style.text


def test_half_days_of_a_week() -> None:
    """The morning ends at noon; what goes beyond the week is cut."""
    monday = at("2022-02-14").date()
    assert halves(monday, at("2022-02-14", 8), at("2022-02-14", 12)) == (1, 2)
    assert halves(monday, at("2022-02-14", 8), at("2022-02-14", 12, 1)) == (1, 3)
    assert halves(monday, at("2022-02-16", 13), at("2022-02-17", 12)) == (6, 8)
    assert halves(monday, at("2022-02-10", 8), at("2022-03-01", 12)) == (1, 15)
