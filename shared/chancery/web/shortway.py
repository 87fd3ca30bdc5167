"""The short way of a command: from the edge straight to its route's function.

A command's route takes ids from the path, one form from the body, and a desk, and gives a receipt. For such a route all
that the framework would find out anew for every request (which dependencies, from where, in what order) is known when
the service starts. What is validated, by which fields, and what is answered is the same as on the long way, which
everything else takes.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope

from chancery.web.answers import Receipt
from chancery.web.desk import desk_for, desk_of
from chancery.web.running import Running

MISSING: Final = {"type": "missing", "loc": ("body",), "msg": "Field required", "input": None}
Field = Any
"""A field of the framework: ``validate(value, loc=...) -> (value, errors)``."""
Handler = Callable[[Request, Exception], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Command:
    """One route, as far as its requests need it."""

    route: APIRoute
    pattern: re.Pattern[str]
    path: tuple[tuple[str, Field], ...]
    body: tuple[str, Field] | None
    desk: str


class ShortWay:
    """Finds and runs the commands of a service."""

    def __init__(self, app: FastAPI, routers: Sequence[APIRouter]) -> None:
        self._app = app
        self._plain: dict[str, Command] = {}
        self._patterns: dict[str, list[Command]] = {}
        for route in (route for router in routers for route in router.routes):
            command = command_of(route) if isinstance(route, APIRoute) else None
            if command is None:
                continue
            if command.path:
                self._patterns.setdefault(_begins(command.route.path), []).append(command)
            else:
                self._plain[command.route.path] = command

    def find(self, scope: Scope) -> Command | None:
        """The command at an address, with the parts of its path put where the framework puts them."""
        path: str = scope["path"]
        command = self._plain.get(path)
        if command is not None:
            scope["path_params"] = {}
        else:
            for one in self._patterns.get(_begins(path), ()):
                found = one.pattern.match(path)
                if found is not None:
                    command, scope["path_params"] = one, found.groupdict()
                    break
            else:
                return None
        scope["route"] = command.route
        return command

    async def take(self, command: Command, scope: Scope, receive: Receive) -> Response:
        """Handle a request; what goes wrong is answered by the same handlers as everywhere.

        Raises:
            Exception: one that no handler knows.
        """
        try:
            running = cast("Running", self._app.state.running)
            values: dict[str, Any] = {command.desk: await desk_for(running, scope)}
            _read(command, scope, values)
            return cast("Response", await cast("Any", command.route.endpoint)(**values))
        except Exception as error:
            handler = _handler(self._app.exception_handlers, error)
            if handler is None:
                raise
            return await handler(Request(scope, receive), error)


def command_of(route: APIRoute) -> Command | None:
    """The route as a command, or None if it is anything else or asks for more than a command does."""
    needs = route.dependant
    desks = [one for one in needs.dependencies if one.call is desk_of]
    if route.methods != {"POST"} or route.response_model is not Receipt or len(desks) != 1:
        return None
    more = (needs.query_params, needs.header_params, needs.cookie_params, needs.background_tasks_param_name)
    told = (needs.request_param_name, needs.response_param_name, needs.http_connection_param_name)
    if len(needs.dependencies) != 1 or len(needs.body_params) > 1 or any(more) or any(told):
        return None
    if set(route.param_convertors) != {field.name for field in needs.path_params}:
        return None
    if any(type(convertor).__name__ != "StringConvertor" for convertor in route.param_convertors.values()):
        return None
    body: tuple[str, Field] | None = None
    if needs.body_params:
        field = needs.body_params[0]
        embedded = getattr(field.field_info, "embed", None) or type(field.field_info).__name__ != "Body"
        if embedded or not field.field_info.is_required():
            return None
        body = (field.name, field)
    path = tuple((field.name, field) for field in needs.path_params)
    return Command(route, route.path_regex, path, body, cast("str", desks[0].name))


def _begins(path: str) -> str:
    """The first two parts of a path, by which its commands are found."""
    parts = path.split("/", 3)
    return "/".join(parts[:3]).partition("{")[0]


def _read(command: Command, scope: Scope, values: dict[str, Any]) -> None:
    """Validate path and body, and tell every error at once.

    Raises:
        RequestValidationError: as the framework raises it.
    """
    errors: list[Any] = []
    given: Mapping[str, str] = scope["path_params"]
    for name, field in command.path:
        value, wrong = field.validate(given[name], loc=("path", name))
        values[name] = value
        errors += wrong
    if command.body is not None:
        name, field = command.body
        sent = scope.get("chancery.json", scope["chancery.body"])
        if scope["chancery.body"] == b"":
            errors.append(MISSING)
        else:
            value, wrong = field.validate(sent, loc=("body",))
            values[name] = value
            errors += wrong
    if errors:
        raise RequestValidationError(errors)


def _handler(handlers: Mapping[Any, Any], error: Exception) -> Handler | None:
    for kind in type(error).__mro__:
        if kind in handlers:
            return cast("Handler", handlers[kind])
    return None
