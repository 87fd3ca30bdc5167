# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false
# schemathesis leaves most of its own types open.
"""Hold a service against its own OpenAPI document: whatever is sent, no 5xx, and every answer as it was promised.

Other tests reuse it: ``assert await contract_of(app, headers) == []``.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

import httpx
import hypothesis
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
BASE = "http://contract"
Ask = Callable[[Any], httpx.Response]


async def contract_of(
    app: FastAPI, headers: Mapping[str, str], *, examples: int = 8, without: Iterable[str] = ()
) -> list[str]:
    """Try every operation of a running app with good and bad requests; returns what went wrong, each a line.

    ``headers`` carry a token. What the document allows may still be refused, by rules and not by a fault. Operations
    named in ``without`` are left out, for what cannot be sent this way.
    """
    schema = schemathesis.openapi.from_dict(app.openapi())
    left_out = set(without)
    loop = asyncio.get_running_loop()
    wrong: dict[str, None] = {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as client:

        def ask(case: Any) -> httpx.Response:
            sent: dict[str, Any] = case.as_transport_kwargs(base_url=BASE, headers=dict(headers))
            query = {name: value for name, value in (sent.get("params") or {}).items() if name != "wait"}
            content = sent.get("data")
            request = client.build_request(
                sent["method"],
                sent["url"],
                params=query,
                headers={
                    str(k).encode(): str(v).encode("latin-1", "replace") for k, v in (sent.get("headers") or {}).items()
                },
                json=sent.get("json"),
                content=content if isinstance(content, str | bytes) else None,
            )
            return asyncio.run_coroutine_threadsafe(client.send(request), loop).result(30)

        def try_all() -> None:
            for result in schema.get_all_operations():
                operation: Any = cast("Any", result).ok()
                name: str = operation.definition.raw["operationId"]
                if name not in left_out:
                    wrong.update(dict.fromkeys(_try_one(name, operation, ask, examples)))

        await asyncio.to_thread(try_all)
    return list(wrong)


def _try_one(name: str, operation: Any, ask: Ask, examples: int) -> list[str]:
    wrong: list[str] = []
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        def attempt(case: Any) -> None:
            try:
                answer = ask(case)
            except (httpx.InvalidURL, httpx.LocalProtocolError, UnicodeError):
                return  # no client can send this
            try:
                case.validate_response(answer, checks=CHECKS)
            except (Failure, FailureGroup) as found:
                parts = getattr(found, "exceptions", (found,))
                wrong.extend(f"{name}: {answer.status_code} {str(part).strip()[:1500]}" for part in parts)

        settings = hypothesis.settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=(Phase.generate,),
            suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large),
        )
        try:
            settings(hypothesis.given(operation.as_strategy(generation_mode=mode))(attempt))()
        except Unsatisfiable:
            continue  # nothing about this operation can be wrong
    return wrong
