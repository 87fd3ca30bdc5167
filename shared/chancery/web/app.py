"""One service as an ASGI application."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from chancery.service import Service
from chancery.settings import Settings
from chancery.texts.saying import Sayings
from chancery.web.answers import EVERYWHERE, Problem
from chancery.web.desk import desk_of
from chancery.web.docs import add_docs
from chancery.web.edge import Edge
from chancery.web.operations import health, operations
from chancery.web.problems import Problems, handle_problems
from chancery.web.running import Running
from chancery.web.shortway import ShortWay

VERSION = "0.1.0"


def create_app(service: Service, settings: Settings) -> FastAPI:
    """The application of a service. Its lifespan opens the store and begins the work beside the requests."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        running = await Running.open(service, settings)
        app.state.running = running
        try:
            await running.start()
            yield
        finally:
            await running.close()

    app = FastAPI(
        title=f"{service.title_zh} {service.title_en}",
        version=VERSION,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        redirect_slashes=False,
    )

    def observed(operation: str, method: str, status: int, seconds: float) -> None:
        running = cast("Running | None", getattr(app.state, "running", None))
        if running is not None:
            running.figures.answered(operation, method, status, seconds)

    problems = Problems(Sayings(*([service.reasons] if service.reasons else [])))
    app.state.problems = problems
    handle_problems(app, problems)
    app.add_middleware(
        Edge,
        problems=problems,
        most=settings.most_bytes,
        observed=observed,
        short=ShortWay(app, service.routers),
        uploads=service.uploads,
    )
    routers = (*service.routers, operations, health)
    for router in routers:
        app.include_router(router)
    add_docs(app, app.title)
    _describe(app, routers)
    return app


DESCRIPTION = """
命令均以 POST 提交，可带 `Idempotency-Key`：同键同文返回首次回执，同键异文 422。
`?dry_run=true` 只判断、不入库。
`If-Match` 带上所见版本，已变则 412。错误一律为 `application/problem+json`，逐条列明原因与所依条款；
`Accept-Language: en` 用英文。

Commands are POSTs and may carry an `Idempotency-Key`: the same key and body give the first receipt again, another body
is 422. `?dry_run=true` decides and stores nothing. `If-Match` names the version that was seen; 412 if it has changed.
Every error is a problem document that lists all reasons and the clauses they rest on, in Chinese, or in English on
`Accept-Language: en`.
"""

COMMAND_PARAMETERS: list[dict[str, Any]] = [
    {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "the same command on every repeat 幂等键",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]{1,255}$"},
    },
    {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": "the version that was seen, as its `ETag` 所见版本",
        "schema": {"type": "string", "pattern": '^("[0-9]{1,9}"|\\*)$'},
    },
    {
        "name": "dry_run",
        "in": "query",
        "required": False,
        "description": "decide, store nothing 只判断不入库",
        "schema": {"type": "boolean", "default": False},
    },
]


def _operation_id(route: APIRoute) -> str:
    return route.name


def _depends_on(route: APIRoute, call: Any) -> bool:
    waiting = list(route.dependant.dependencies)
    while waiting:
        one = waiting.pop()
        if one.call is call:
            return True
        waiting.extend(one.dependencies)
    return False


def _describe(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """What every operation has in common, written into the document once it is asked for."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, routers)
        return app.openapi_schema

    app.openapi = openapi


def _document(app: FastAPI, routers: Sequence[APIRouter]) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes, openapi_version="3.1.0"
    )
    schemas: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    document["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    commands = {route.name for route in _routes(routers) if _depends_on(route, desk_of)}
    for methods in document["paths"].values():
        for method, operation in methods.items():
            _complete(operation, method, operation["operationId"] in commands)
    return document


def _routes(routers: Sequence[APIRouter]) -> list[APIRoute]:
    found: list[APIRoute] = []
    waiting: list[Any] = [route for router in routers for route in router.routes]
    while waiting:
        route = waiting.pop()
        if isinstance(route, APIRoute):
            found.append(route)
        else:
            waiting.extend(getattr(getattr(route, "original_router", route), "routes", ()))
    return found


def _complete(operation: dict[str, Any], method: str, with_desk: bool) -> None:
    """Security, the problems any call may meet, and for commands their headers."""
    responses: dict[str, Any] = operation["responses"]
    public = operation["tags"][0].startswith("health") if operation.get("tags") else False
    if not public:
        operation["security"] = [{"bearer": []}]
    for status, described in EVERYWHERE.items():
        if public and status in ("401", "403"):
            continue
        if status == "422" or status not in responses:
            responses[status] = described
    if with_desk and method != "get":
        operation.setdefault("parameters", []).extend(COMMAND_PARAMETERS)
        for status in ("200", "201", "202"):
            if status in responses:
                responses[status].setdefault("headers", {})["ETag"] = {"schema": {"type": "string"}}
        if "200" not in responses and "201" in responses:
            responses["200"] = responses["201"] | {"description": "A dry run: nothing was stored 仅判断"}
        responses["412"] = EVERYWHERE["409"] | {"description": "The thing has changed since it was seen 版本已变"}
