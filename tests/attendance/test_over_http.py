"""Absences, mandates and acting over HTTP, real PostgreSQL and real NATS."""

from typing import Any

from tests.hongkou import at
from tests.small_house import SmallHouse

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
