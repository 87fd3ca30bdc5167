"""The public site beside documents: drafts open for comment without an account, results, files by their hash."""

import hashlib
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx

from chancery.events.parts import PaperRef
from chancery.names import TenantId
from disclosure_svc.public import open as open_pages
from disclosure_svc.public.entries import store_of
from disclosure_svc.public.limits import Limit
from tests.disclosure.test_over_http import hear_issued, publish
from tests.hongkou import at
from tests.small_house import TENANT, SmallHouse

OFFICE, DRAFTER = "office_clerk_qian", "finance_head"
MATTER = "019a0000-0000-7000-8000-0000000000aa"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def browser_of(house: SmallHouse) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(house.apps["disclosure"]), base_url="http://disclosure")


async def get(house: SmallHouse, path: str) -> httpx.Response:
    async with browser_of(house) as browser:
        return await browser.get(f"/public/{TENANT}/{path}")


async def send(house: SmallHouse, window: str, **said: str) -> httpx.Response:
    body = str(httpx.QueryParams(said)).encode()
    async with browser_of(house) as browser:
        return await browser.post(f"/public/{TENANT}/drafts/{window}", content=body, headers=FORM)


async def test_the_public_comments_on_a_draft_without_an_account_and_reads_what_became_of_it(house: SmallHouse) -> None:
    """虹口2022 二十一: no name is shown; twice is once; what is wrong is said on the page; over is over."""
    form = {
        "matter": MATTER,
        "title": "停车收费办法（草案）",
        "unit": "finance_bureau",
        "text": "第一条 夜间减半。\n第二条 试行一年。",
        "kind": "major_administrative_decision",
        "closes_on": "2022-02-28",
    }
    window = (await house.done("disclosure.open_draft_window", form, by=DRAFTER))["id"]
    await house.settle()
    listed = await get(house, "drafts")
    assert "停车收费办法（草案）" in listed.text
    page = await get(house, f"drafts/{window}")
    assert page.status_code == 200
    assert "第一条 夜间减半。" in page.text
    assert "<form" in page.text
    assert "script" not in page.text.lower()
    for _ in range(2):
        thanks = await send(house, window, text="建议首小时免费 <b>", name="张某", contact="某路1号")
        assert (thanks.status_code, "意见已收到" in thanks.text) == (200, True)
    assert (await send(house, window, text=" ")).status_code == 422
    assert (await send(house, window, text="好", leave_empty="http://")).status_code == 400
    assert (await send(house, window, text="长" * 2_001)).status_code == 422
    assert (await send(house, window, text="x" * 30_000)).status_code == 413
    await house.settle()
    comments = await house.done("disclosure.list_comments", {"window_id": window}, by=DRAFTER)
    assert [(one["text"], one["name"], one["channel"]) for one in comments["items"]] == [
        ("建议首小时免费 <b>", "张某", "site")
    ]
    await house.refused("disclosure.list_comments", {"window_id": window}, by="justice_head", status=403)
    said = {"id": window, "comment": comments["items"][0]["id"], "became": "adopted", "reason": "写入第三条"}
    await house.done("disclosure.answer_comment", said, by=DRAFTER)
    await house.clock(at("2022-03-01", 9))
    await house.settle()
    over = await send(house, window, text="晚了")
    assert (over.status_code, "征求意见已结束" in over.text) == (409, True)
    await house.done("disclosure.report_draft_window", {"id": window, "summary": "收到一条，采纳一条。"}, by=DRAFTER)
    await house.settle()
    told = await get(house, f"drafts/{window}")
    assert "建议首小时免费 &lt;b&gt;" in told.text
    assert "写入第三条" in told.text
    assert "张某" not in told.text
    assert "<form" not in told.text


async def test_whoever_sends_too_often_waits(house: SmallHouse) -> None:
    one = Limit(2, open_pages.BY_PLACE.window)
    now = at("2022-03-01", 9)
    assert [one.takes("a", now), one.takes("a", now), one.takes("a", now), one.takes("b", now)] == [
        True,
        True,
        False,
        True,
    ]
    assert one.takes("a", now + one.window)
    form = {
        "matter": MATTER,
        "title": "另一草案",
        "unit": "finance_bureau",
        "text": "第一条",
        "closes_on": "2022-04-01",
    }
    window = (await house.done("disclosure.open_draft_window", form, by=DRAFTER))["id"]
    await house.settle()
    answers = [(await send(house, window, text=f"意见{number}")).status_code for number in range(7)]
    assert answers[-1] == 429
    assert answers.count(200) <= open_pages.BY_PLACE.most


async def test_results_news_answers_and_the_years_decisions_are_shown(house: SmallHouse) -> None:
    welfare = {"what": "public_welfare", "title": "养老床位建设", "unit": "finance_bureau", "text": "新增百张。"}
    duty = (await house.done("disclosure.open_publication_duty", welfare, by=DRAFTER))["id"]
    assert "养老床位建设" not in (await get(house, "results")).text
    await house.done("disclosure.review_publication_duty", {"id": duty, "passed": True}, by=OFFICE)
    await house.done("disclosure.publish_publication_duty", {"id": duty, "channels": ["district_gazette"]}, by=OFFICE)
    year = {"year": 2022, "title": "停车办法", "unit": "finance_bureau"}
    await house.done("disclosure.list_major_decision", year, by=OFFICE)
    await house.settle()
    assert "停车办法" not in (await get(house, "decisions")).text
    await house.done("disclosure.adopt_decision_catalogue", {"year": 2022, "reference": "第4次常务会议"}, by=OFFICE)
    await house.done("disclosure.publish_decision_catalogue", {"year": 2022}, by=OFFICE)
    added = year | {"title": "夜市规划", "reason": "新下达任务"}
    await house.done("disclosure.list_major_decision", added, by=OFFICE)
    await house.settle()
    results = (await get(house, "results")).text
    assert "新增百张。" in results
    shown = (await get(house, "decisions")).text
    assert all(word in shown for word in ("停车办法", "夜市规划", "新下达任务", "第4次常务会议"))


async def test_the_issued_file_itself_is_had_by_its_hash_and_its_plain_text_is_shown(house: SmallHouse) -> None:
    words = f"第一条 本办法自印发之日起施行。\n{uuid4()}\n".encode()  # the store of files may know an earlier run
    digest = hashlib.sha256(words).hexdigest()
    paper = PaperRef(kind="text", name="办法.txt", sha256=digest, size=len(words), media_type="text/plain")
    entry = await hear_issued(house, 951, kind="notice", title="带文件的通知", as_text=paper)
    await house.settle()
    await publish(house, entry)
    await house.settle()
    before = await get(house, str(entry))
    assert digest in before.text
    assert f"/files/{digest}" not in before.text
    assert (await get(house, f"{entry}/files/{digest}")).status_code == 404

    async def pieces() -> AsyncIterator[bytes]:
        yield words

    await store_of(house.running("disclosure")).put(TenantId(TENANT), digest, pieces())
    page = await get(house, str(entry))
    assert "第一条 本办法自印发之日起施行。" in page.text
    assert f"/files/{digest}" in page.text
    file = await get(house, f"{entry}/files/{digest}")
    assert file.content == words
    assert "sha-256" in file.headers["Repr-Digest"]
    assert (await get(house, f"{entry}/files/{'0' * 64}")).status_code == 404
