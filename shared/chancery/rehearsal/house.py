"""The running services as a scenario sees them: operations by name, tokens by person, and the moment all is settled."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from urllib.parse import quote

import httpx

Mint = Callable[[str, str | None, tuple[str, ...]], str]
"""Makes a bearer token: tenant, person (None for the house's own client), roles."""


class UnknownOperation(Exception):
    """A scenario names an operation that no service answers."""


class NotSettled(Exception):
    """The services were still busy when patience ended; says who and with what."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of one service, as its own OpenAPI document describes it."""

    service: str
    method: str
    path: str
    in_path: frozenset[str]
    in_query: frozenset[str]
    raw_body: str | None = None


@dataclass(slots=True)
class RunningHouse:
    """Where each service answers, and how to speak to it."""

    addresses: Mapping[str, str]
    mint: Mint
    client: httpx.AsyncClient
    operations: dict[str, Operation] = field(default_factory=dict[str, Operation])
    _operator: str | None = None

    async def learn(self) -> None:
        """Read every service's OpenAPI document and note its operations by name."""
        for service, address in self.addresses.items():
            document = (await self.client.get(f"{address}/openapi.json")).raise_for_status().json()
            for path, methods in cast("dict[str, dict[str, Any]]", document["paths"]).items():
                for method, described in methods.items():
                    if "operationId" in described:
                        name = f"{service}.{described['operationId']}"
                        self.operations[name] = _operation(service, method, path, described)

    def operation(self, name: str) -> Operation:
        """The operation of a name.

        Raises:
            UnknownOperation: with the nearest names that exist.
        """
        found = self.operations.get(name)
        if found is None:
            service = name.partition(".")[0]
            near = sorted(known for known in self.operations if known.startswith(f"{service}."))
            raise UnknownOperation(f"no service answers {name}; {service} answers: {', '.join(near) or 'nothing'}")
        return found

    async def call(
        self, name: str, given: Mapping[str, Any], *, tenant: str, person: str | None, roles: tuple[str, ...] = ()
    ) -> httpx.Response:
        """Do an operation as a person (or as the house's own client) with values sorted into path, query and body."""
        operation = self.operation(name)
        rest = dict(given)
        headers: dict[str, str] = {
            "Authorization": f"Bearer {self.mint(tenant, person, roles)}",
            **cast("dict[str, str]", rest.pop("headers", {})),
        }
        path = operation.path
        for part in operation.in_path:
            if part not in rest and "id" in rest and len(operation.in_path) == 1:
                rest[part] = rest.pop("id")
            path = path.replace("{" + part + "}", quote(str(rest.pop(part)), safe=""))
        query = {key: _in_query(rest.pop(key)) for key in list(rest) if key in operation.in_query}
        address = f"{self.addresses[operation.service]}{path}"
        if operation.raw_body is not None:
            content = cast("str | bytes", rest.pop("content", b""))
            headers.setdefault("Content-Type", operation.raw_body)
            sent = content.encode() if isinstance(content, str) else content
            return await self.client.request(operation.method, address, params=query, content=sent, headers=headers)
        if operation.method == "get":
            return await self.client.get(address, params=query | _as_query(rest), headers=headers)
        body: Any = _plain(rest)
        return await self.client.request(operation.method, address, params=query, json=body, headers=headers)

    async def settle(self, clock: datetime | None = None, patience: float = 30.0) -> None:
        """Wait until every event is relayed and heard everywhere and nothing that is due is left undone.

        ``clock`` is the moment every process must have seen. Two looks in a row must agree, since a reaction may
        tell new events while the first look is taken.
        """
        deadline = asyncio.get_running_loop().time() + patience
        before: dict[str, tuple[int, int]] | None = None
        pause = 0.01
        while True:
            found = await self._status()
            busy = unsettled(found, clock)
            here = {service: (state["position"], state["relayed"]) for service, state in found.items()}
            if not busy and here == before:
                return
            if asyncio.get_running_loop().time() > deadline:
                raise NotSettled("; ".join(busy) or "positions keep moving")
            before = None if busy else here
            await asyncio.sleep(pause if busy else 0.004)
            pause = min(pause * 1.5, 0.2)

    async def _status(self) -> dict[str, Any]:
        self._operator = self._operator or self.mint("", None, ("operator",))
        headers = {"Authorization": f"Bearer {self._operator}"}

        async def one(service: str, address: str) -> tuple[str, Any]:
            answer = await self.client.get(f"{address}/v1/operations/status", headers=headers)
            return service, answer.raise_for_status().json()

        return dict(await asyncio.gather(*(one(s, a) for s, a in self.addresses.items())))


def unsettled(status: Mapping[str, Any], clock: datetime | None) -> list[str]:
    """What is still on its way, each a sentence; empty when all has come to rest."""
    busy: list[str] = []
    for service, state in status.items():
        if clock is not None and datetime.fromisoformat(state["clock"]) != clock:
            busy.append(f"{service} has not seen the clock move to {clock.isoformat()}")
        if state["relayed"] != state["position"]:
            busy.append(f"{service} has told {state['relayed']} of {state['position']} events")
        if state["due"]:
            busy.append(f"{service} has {state['due']} deadlines due and not yet fired")
        for consumer in state["consumers"]:
            source = status.get(consumer["source"])
            if source is not None and consumer["position"] != source["position"]:
                busy.append(
                    f"{service}/{consumer['name']} has heard {consumer['position']} of {source['position']} "
                    f"events of {consumer['source']}"
                )
    return busy


def _operation(service: str, method: str, path: str, described: Mapping[str, Any]) -> Operation:
    parameters = cast("list[dict[str, Any]]", described.get("parameters", []))
    content = cast("dict[str, Any]", described.get("requestBody", {}).get("content", {}))
    raw = next((kind for kind in content if "json" not in kind and "form" not in kind), None)
    return Operation(
        service=service,
        method=method,
        path=path,
        in_path=frozenset(p["name"] for p in parameters if p["in"] == "path"),
        in_query=frozenset(p["name"] for p in parameters if p["in"] == "query"),
        raw_body=raw,
    )


def _in_query(value: Any) -> str | list[str]:
    """A value as the query of an address holds it; a list is named several times."""
    if isinstance(value, (list, tuple)):
        return [str(_plain(part)) for part in cast("list[Any]", value)]
    return str(_plain(value))


def _plain(value: Any) -> Any:
    """Dates and moments as JSON writes them."""
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in cast("list[Any]", value)]
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat is not None else value


def _as_query(rest: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(_plain(value)) for key, value in rest.items()}
