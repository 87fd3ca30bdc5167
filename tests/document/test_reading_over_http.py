"""Reading a document over HTTP: its fields, nothing kept, and one clear no for what cannot be read."""

import base64
from typing import Any

from tests.small_house import SmallHouse

TEXT = "特急\n某财〔2022〕7号\n关于拨付样稿经费的请示\n某某区人民政府：\n样稿一句。\n某某区财政局\n2022年3月1日"


async def read(house: SmallHouse, body: dict[str, Any]) -> dict[str, Any]:
    return await house.done("document.read_document", body, by="office_clerk_qian")


async def test_a_pasted_text_comes_back_as_fields_with_their_places(house: SmallHouse) -> None:
    found = await read(house, {"text": TEXT, "page": {"文号": "某财〔2022〕8号"}})
    [one] = found["documents"]
    assert (one["kind"]["value"], one["number"]["value"]["seq"], one["urgency"]["value"]) == ("请示", 7, "特急")
    place = one["title"]["places"][0]
    assert found["text"][place["start"] : place["end"]] == "关于拨付样稿经费的请示"
    assert (place["line"], one["signed"]["value"]) == (3, "2022-03-01")
    assert "两处不一致：“某财〔2022〕7号”与“某财〔2022〕8号”" in [doubt["says"] for doubt in one["doubts"]]


async def test_reading_keeps_nothing(house: SmallHouse) -> None:
    before = await house.done("document.read_events", {"after": 0}, roles=("feed",))
    await read(house, {"content": base64.b64encode(TEXT.encode("gb18030")).decode()})
    assert await house.done("document.read_events", {"after": 0}, roles=("feed",)) == before


async def test_a_marked_secret_is_turned_away_and_the_answer_says_nothing_of_it(house: SmallHouse) -> None:
    body = {"text": "机密★1年\n不应外传的样稿标题\n" + TEXT}
    answer = await house.call("document.read_document", body, by="office_clerk_qian")
    assert answer.status_code == 409
    assert [one["code"] for one in answer.json()["reasons"]] == ["state_secret_refused"]
    assert "样稿" not in answer.text


async def test_what_cannot_be_read_is_a_clear_no(house: SmallHouse) -> None:
    for content, code in (
        (b"", "document_empty"),
        (b"%PDF-1.7 broken", "document_broken"),
        (b"PK\x03\x04 broken", "document_broken"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 40, "document_old_or_encrypted"),
    ):
        body = {"content": base64.b64encode(content).decode()}
        problem = await house.refused("document.read_document", body, by="office_clerk_qian", status=422)
        assert [one["code"] for one in problem["reasons"]] == [code]
    await house.refused("document.read_document", {"content": "?"}, by="office_clerk_qian", status=422)
    assert (await read(house, {"text": "a"}))["documents"][0]["title"] is None
