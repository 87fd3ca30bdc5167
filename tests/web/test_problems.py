"""No input gives a 500: every malformed request is a problem document that says all that is wrong."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.web.conftest import Trial

JSON = "application/json"


def assert_problem(answer: httpx.Response, status: int, code: str | None = None) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["instance"].endswith(answer.headers["x-request-id"])
    assert problem["detail"]
    if code is not None:
        assert [reason["code"] for reason in problem["reasons"]] == [code]
    return problem


async def test_every_field_error_is_told_at_once_with_a_hint(trial: Trial) -> None:
    sent = {"title": "", "kind": "Not A Code", "money": True, "on": 5, "colour": "red"}
    problem = assert_problem(await trial.post("/v1/files", sent), 422)
    found = {reason["subject"]: reason["says"] for reason in problem["reasons"]}
    assert set(found) == {"body.title", "body.kind", "body.money", "body.on", "body.colour"}
    assert found["body.colour"] == "没有这一项"
    assert found["body.money"] == "须为整数"
    english = await trial.post("/v1/files", sent, Accept_Language="en")
    says = {reason["subject"]: reason["says"] for reason in english.json()["reasons"]}
    assert says["body.title"] == "at least 1 characters"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "missing"),
        (b"{", 400, "bad_json"),
        (b"\xff\xfe", 400, "bad_json"),
        (b'{"title": "\\ud800"}', 400, "bad_json"),
        (b'{"title": "a\\u0000b"}', 422, "nul_character"),
        (b'{"a\\u0000": 1}', 422, "nul_character"),
        (b'{"title": NaN}', 400, "bad_json"),
        (b"[" * 100_000 + b"]" * 100_000, 400, "bad_json"),
        (b'{"title": ' + b"[" * 70 + b"]" * 70 + b"}", 400, "too_deep"),
        (b"[]", 422, "model_attributes_type"),
        (b"null", 422, "model_attributes_type"),
        (b'"text"', 422, "model_attributes_type"),
        (b'{"title": "x", "money": 1' + b"0" * 400 + b"}", 400, "bad_json"),
        (b'{"title": "x", "money": 9223372036854775808}', 422, "cannot_be_stored"),
    ],
)
async def test_a_body_nobody_can_read_is_refused(trial: Trial, body: bytes, status: int, code: str) -> None:
    answer = await trial.http.post("/v1/files", content=body, headers=trial.headers(Content_Type=JSON))
    assert_problem(answer, status, code)


async def test_a_literal_backslash_u0000_is_only_text(trial: Trial) -> None:
    body = json.dumps({"title": "\\u0000 是一种写法"}).encode()
    answer = await trial.http.post("/v1/files", content=body, headers=trial.headers(Content_Type=JSON))
    assert answer.status_code == 201


async def test_pairs_of_half_characters_are_whole(trial: Trial) -> None:
    answer = await trial.http.post(
        "/v1/files", content=b'{"title": "\\ud840\\udc0b"}', headers=trial.headers(Content_Type=JSON)
    )
    assert answer.status_code == 201


async def test_a_body_of_another_kind_is_415(trial: Trial) -> None:
    answer = await trial.http.post("/v1/files", content=b"<x/>", headers=trial.headers(Content_Type="application/xml"))
    assert_problem(answer, 415, "wrong_media_type")


async def test_a_body_too_large_is_413_also_in_chunks(trial: Trial) -> None:
    most = trial.running.settings.most_bytes
    plain = await trial.http.post("/v1/files", content=b" " * (most + 1), headers=trial.headers(Content_Type=JSON))
    assert_problem(plain, 413, "body_too_large")

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(most // 10_000 + 2):
            yield b" " * 10_000

    chunked = await trial.http.post("/v1/files", content=chunks(), headers=trial.headers(Content_Type=JSON))
    assert_problem(chunked, 413, "body_too_large")


async def test_unknown_addresses_and_methods_are_problems_too(trial: Trial) -> None:
    assert_problem(await trial.get("/v1/nothing"), 404, "no_such_address")
    wrong = await trial.http.put("/v1/files", json={}, headers=trial.headers())
    assert_problem(wrong, 405, "method_not_allowed")
    assert "POST" in wrong.headers["allow"]
    assert_problem(await trial.get("/v1/files/not-a-uuid"), 422, "uuid_parsing")


@pytest.mark.parametrize(
    "path", ["/v1/files/%00", "/v1/files?kind=%00", "/v1/files?cursor=%00", "/v1/files?kind=%ff%fe"]
)
async def test_odd_bytes_in_an_address_are_no_fault_of_ours(trial: Trial, path: str) -> None:
    answer = await trial.get(path)
    assert answer.status_code in (200, 404, 422)


@pytest.mark.parametrize("number", [2**31, 2**63, 2**70, -(2**63) - 1])
async def test_numbers_no_column_holds_find_nothing_or_are_refused(trial: Trial, number: int) -> None:
    answer = await trial.get(f"/v1/files?money={number}")
    assert answer.status_code in (200, 422), answer.text


@pytest.mark.parametrize(
    "cursor", ["x", "e30", "W10", "WyJ4IiwiYSIsImIiXQ", "!!!", "bnVsbA", "WyIiLDEsMl0", "9" * 1900]
)
async def test_a_cursor_that_is_none_is_refused(trial: Trial, cursor: str) -> None:
    assert_problem(await trial.get(f"/v1/files?cursor={cursor}"), 422, "bad_cursor")


async def test_pages_follow_each_other_without_gap_or_double(trial: Trial) -> None:
    how = {"tenant": "neighbour", "person": "pager"}
    made = [await trial.opened(f"第{number}件", **how) for number in range(7)]
    found: list[str] = []
    cursor = ""
    while True:
        page = (await trial.get(f"/v1/files?limit=3{cursor}", **how)).json()
        found += [file["file_id"] for file in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert found[:7] == list(reversed(made))
    assert len(found) == len(set(found))
    other = await trial.get(f"/v1/files?limit=3&kind=plain{cursor}", **how)
    assert_problem(other, 422, "bad_cursor")


@pytest.mark.parametrize("key", ["", "a b", "钥", "x" * 256])
async def test_a_key_that_is_none_is_refused(trial: Trial, key: str) -> None:
    headers = {**trial.headers(), "Idempotency-Key": key.encode()}
    answer = await trial.http.post("/v1/files", json={"title": "x"}, headers=headers)  # pyright: ignore[reportArgumentType]
    assert_problem(answer, 422, "bad_idempotency_key")


async def test_a_fault_stays_inside_and_gives_a_reference(trial: Trial) -> None:
    answer = await trial.get("/v1/broken", X_Request_Id="reference-123")
    problem = assert_problem(answer, 500, "fault")
    assert "reference-123" in problem["detail"]
    assert "secret" not in answer.text


async def test_answers_carry_the_headers_of_a_careful_house(trial: Trial) -> None:
    for path in ("/v1/files", "/healthz", "/v1/nothing", "/docs", "/docs/static/swagger-ui.css"):
        headers = (await trial.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "server" not in headers


async def test_the_api_pages_need_no_network(trial: Trial) -> None:
    page = await trial.http.get("/docs")
    assert page.status_code == 200
    assert "http://" not in page.text
    assert "https://" not in page.text
    for part in ("/docs/begin.js", "/docs/static/swagger-ui-bundle.js", "/docs/static/swagger-ui.css", "/openapi.json"):
        assert (await trial.http.get(part)).status_code == 200
    assert (await trial.http.get("/docs/static/../app.py")).status_code == 404


def test_every_code_that_code_refuses_with_has_words_in_both_languages() -> None:
    """A refusal without a sentence is a riddle."""
    import ast

    from chancery.texts.saying import Sayings

    root = Path(__file__).parents[2]
    common = Sayings().reasons
    every = dict(common)
    for catalogue in root.glob("services/*/*/reasons.yaml"):
        every |= Sayings(catalogue).reasons
    missing: list[str] = []
    for folder, own in ((root / "shared" / "chancery", None), *((p, p) for p in root.glob("services/*/*_svc"))):
        known = common if own is None else Sayings(*own.glob("reasons.yaml")).reasons
        if own is None:
            known = every  # the engine's codes are worded where services are
        for file in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reason":
                    code = node.args[0] if node.args else None
                    if isinstance(code, ast.Constant) and code.value not in known:
                        missing.append(f"{file.relative_to(root)}: {code.value}")
    assert missing == []
    assert all(saying.zh and saying.en for saying in every.values())
