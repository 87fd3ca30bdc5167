"""Times of one person are given once, however requests meet."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from attendance_svc.time_away.keep import FreeTime, KeepTime, free_time, keep_time
from attendance_svc.time_away.state import TIME_AWAY, times_of
from attendance_svc.wiring import SERVICE as ATTENDANCE
from chancery.desk import Caller, Desk, uuid7
from chancery.events.attendance import ReturnReported, TimeAwayFreed, TimeAwayKept
from chancery.names import PersonId, TenantId
from chancery.web.app import create_app
from tests.attendance.examples import BACK, LEAVES, TRIP, stands
from tests.hongkou import MAYOR, at, roster, rules
from tests.scenario import scenario
from tests.small_house import TENANT, SmallHouse

GOES = {
    "leaving": "city",
    "cause": "business_trip",
    "destination": "南京",
    "reason": "参加会议",
    "starts_at": "2022-02-14T08:00:00+08:00",
    "ends_at": "2022-02-16T20:00:00+08:00",
}
WANTED = KeepTime(MAYOR, "another", LEAVES, BACK)
KEPT = TimeAwayKept(person_id=MAYOR, absence_id="another", starts_at=LEAVES, ends_at=BACK)


def test_a_time_set_aside_is_nobody_elses_until_it_is_freed() -> None:
    free = scenario(TIME_AWAY, rules(at("2022-02-10")))
    free.when(keep_time, WANTED).then(KEPT)
    taken = free.given(KEPT)
    taken.when(keep_time, WANTED).quiet()
    taken.when(keep_time, replace(WANTED, absence_id="third")).refused("over_another_absence")
    later = replace(WANTED, absence_id="third", starts_at=BACK, ends_at=at("2022-03-01"))
    assert taken.when(keep_time, later).events
    freed = TimeAwayFreed(person_id=MAYOR, absence_id="another")
    taken.when(free_time, FreeTime(MAYOR, "another")).then(freed)
    taken.given(freed).when(free_time, FreeTime(MAYOR, "another")).quiet()
    assert taken.given(freed).when(keep_time, replace(WANTED, absence_id="third")).events


def test_absences_of_the_roster_count_until_the_return() -> None:
    away = roster().after(stands(MAYOR, "mayor"))
    scenario(TIME_AWAY, rules(LEAVES, away)).when(keep_time, WANTED).refused("over_another_absence")
    back = away.after(ReturnReported(absence_id=str(TRIP), person_id=MAYOR, returned_at=at("2022-02-15")))
    his = KEPT.model_copy(update={"absence_id": str(TRIP)})
    rest = replace(WANTED, starts_at=at("2022-02-15"))
    assert scenario(TIME_AWAY, rules(LEAVES, back)).given(his).when(keep_time, rest).events


async def test_of_twenty_announcements_of_one_time_at_one_instant_one_is_taken(house: SmallHouse) -> None:
    """However they meet: each is told that another absence has the time, and nothing of it stays."""
    answers = await asyncio.gather(*(house.call("attendance.announce_absence", GOES, by="kong") for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    told = {reason["code"] for answer in answers if answer.status_code == 409 for reason in answer.json()["reasons"]}
    assert told == {"over_another_absence"}
    listed = (await house.done("attendance.list_absences", {"person": "kong"}, by="yan"))["items"]
    assert len(listed) == 1


async def test_two_processes_on_one_database_give_one_time_once(house: SmallHouse) -> None:
    """Nothing that a process remembers helps here: the version of the person's stream decides."""
    second = create_app(ATTENDANCE, house.running("attendance").settings)
    token = house.issuer.mint(TENANT, person="zhang")
    async with second.router.lifespan_context(second):
        clients = [
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://attendance")
            for app in (house.apps["attendance"], second)
        ]
        for day in range(14, 24):
            trip = shifted(GOES, f"11-{day}", f"11-{day}")
            headers = {"Authorization": f"Bearer {token}"}
            asked = (client.post("/v1/absences", json=trip, headers=headers) for client in clients * 3)
            answers = await asyncio.gather(*asked)
            assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5


async def test_times_that_meet_in_part_are_given_once_and_others_all(house: SmallHouse) -> None:
    """A day each, and one that touches them all: at most one of those that meet, each of those that do not."""
    days = [
        GOES | {"starts_at": f"2022-03-{day:02}T08:00:00+08:00", "ends_at": f"2022-03-{day:02}T20:00:00+08:00"}
        for day in range(1, 9)
    ]
    everything = GOES | {"starts_at": "2022-03-01T08:00:00+08:00", "ends_at": "2022-03-08T20:00:00+08:00"}
    answers = await asyncio.gather(
        *(house.call("attendance.announce_absence", one, by="zhang") for one in (*days, everything))
    )
    whole, single = answers[-1].status_code, [answer.status_code for answer in answers[:-1]]
    assert (whole, set(single)) in ((201, {409}), (409, {201})) or (whole == 409 and 201 in single)
    page = await house.done("attendance.list_absences", {"person": "zhang", "limit": 100}, by="yan")
    spans = sorted((line["starts_at"], line["ends_at"]) for line in page["items"])
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


async def test_a_change_and_an_announcement_do_not_get_one_time_together(house: SmallHouse) -> None:
    first = await house.done("attendance.announce_absence", shifted(GOES, "04-04", "04-06"), by="shi")
    wanted = shifted(GOES, "04-11", "04-13")
    changed, announced = await asyncio.gather(
        house.call("attendance.change_absence", wanted | {"id": first["id"], "because": "会议改期"}, by="shi"),
        house.call("attendance.announce_absence", wanted, by="shi"),
    )
    assert sorted((changed.status_code // 100, announced.status_code // 100)) == [2, 4]
    if changed.status_code >= 400:  # the change was refused after all: it has its own time again
        await house.refused("attendance.announce_absence", shifted(GOES, "04-05", "04-07"), by="shi")


async def test_what_was_taken_back_leaves_its_time_to_others(house: SmallHouse) -> None:
    trip = shifted(GOES, "05-16", "05-18")
    one = await house.done("attendance.announce_absence", trip, by="cao")
    await house.refused("attendance.announce_absence", trip, by="cao")
    await house.done("attendance.withdraw_absence", {"id": one["id"], "reason": "改期"}, by="cao")
    again = await house.done("attendance.announce_absence", trip, by="cao", key="again")
    repeated = await house.done("attendance.announce_absence", trip, by="cao", key="again")
    assert repeated["id"] == again["id"] != one["id"]
    tried = await house.done(
        "attendance.announce_absence", shifted(GOES, "06-06", "06-07") | {"dry_run": "true"}, by="cao"
    )
    assert tried["dry_run"] is True
    assert (await house.done("attendance.announce_absence", shifted(GOES, "06-06", "06-07"), by="cao"))["id"]


async def test_a_time_whose_absence_never_came_is_free_after_a_while(
    house: SmallHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies between the two steps leaves no time taken for ever."""
    running = house.running("attendance")
    caller = Caller(TenantId(TENANT), PersonId("lv"), None, frozenset(), "test")
    desk = Desk(kernel=running.kernel, caller=caller, command_id=uuid7())
    stranded = KeepTime("lv", str(uuid4()), at("2022-07-04", 8), at("2022-07-06", 20))
    await desk.handle(TIME_AWAY, keep_time, stranded, stream=times_of(TENANT, "lv"), matter=UUID(stranded.absence_id))
    trip = shifted(GOES, "07-04", "07-05")
    assert _codes(await house.refused("attendance.announce_absence", trip, by="lv")) == ["over_another_absence"]
    monkeypatch.setattr("attendance_svc.api.in_time.STRANDED", timedelta(0))
    assert (await house.done("attendance.announce_absence", trip, by="lv"))["id"]


def shifted(trip: Mapping[str, Any], first: str, last: str) -> dict[str, Any]:
    return {**trip, "starts_at": f"2022-{first}T08:00:00+08:00", "ends_at": f"2022-{last}T20:00:00+08:00"}


def _codes(problem: Mapping[str, Any]) -> list[str]:
    return [reason["code"] for reason in problem["reasons"]]
