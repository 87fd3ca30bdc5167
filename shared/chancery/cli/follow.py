"""Following and checking events from the command line."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Literal

import httpx
import orjson
from rich.console import Console

from chancery.bus.consumer import Tampered, check_leaf, split_feed
from chancery.envelope import StoredEvent, from_cloudevent
from chancery.launch.part import PartFailed
from chancery.web.issuer import LocalIssuer

ROLES = ("operator", "auditor", "feed")


def address_of(folder: Path, service: str, named: str | None) -> str:
    """Where a service answers: as named, or of the house in the folder.

    Raises:
        PartFailed: none is named and no house is there.
    """
    if named:
        return named.rstrip("/")
    port = folder / "ports" / service
    if not port.exists():
        raise PartFailed(f"no house runs in {folder}; name the address, or start one with `make run`")
    return f"http://127.0.0.1:{port.read_text().strip()}"


def token_of(folder: Path, named: str | None, tenant: str) -> str:
    return named or LocalIssuer.at(folder / "issuer").mint(tenant, client="command-line", roles=ROLES)


async def follow(
    folder: Path, address: str | None, token: str | None, tenant: str, language: Literal["zh", "en"], out: Console
) -> None:
    """Print events as they come; a broken connection is taken up again where it was."""
    where, bearer = address_of(folder, "eventlog", address), token_of(folder, token, tenant)
    place = ""
    async with httpx.AsyncClient(timeout=httpx.Timeout(10, read=60)) as client:
        while True:
            try:
                headers = {"Authorization": f"Bearer {bearer}", "Last-Event-ID": place}
                async with client.stream("GET", f"{where}/v1/log/live", headers=headers) as answer:
                    if answer.status_code != 200:
                        body = (await answer.aread()).decode()[:500]
                        raise PartFailed(f"{where} answered {answer.status_code}: {body}")
                    async for place_, told in _told(answer):
                        place = place_ or place
                        title, line = told[f"title_{language}"], told[f"line_{language}"]
                        clauses = " ".join(told["clauses"])
                        when, source = f"[dim]{told['at_local']}[/dim]", f"[bold]{told['source']}[/bold]"
                        out.print(f"{when} {source} {title} {line} [cyan]{clauses}[/cyan]")
            except (httpx.HTTPError, OSError):
                await asyncio.sleep(1)


async def _told(answer: httpx.Response) -> AsyncIterator[tuple[str, dict[str, str]]]:
    place = ""
    async for line in answer.aiter_lines():
        if line.startswith("id: "):
            place = line[4:]
        elif line.startswith("data: "):
            yield place, orjson.loads(line[6:])


async def pages(
    folder: Path, service: str, after: int, url: str | None, token: str | None
) -> AsyncIterator[list[bytes]]:
    """A service's events over its feed, page by page."""
    where, bearer = address_of(folder, service, url), token_of(folder, token, "")
    async with httpx.AsyncClient(timeout=60) as client:
        while True:
            answer = await client.get(
                f"{where}/v1/events",
                params={"after": after, "limit": 1000},
                headers={"Authorization": f"Bearer {bearer}"},
            )
            if answer.status_code != 200:
                raise PartFailed(f"{where} answered {answer.status_code}: {answer.text[:500]}")
            found = split_feed(answer.content)
            if not found:
                return
            yield found
            after = from_cloudevent(found[-1]).position


async def replay_events(folder: Path, service: str, after: int, url: str | None, token: str | None) -> None:
    """Print them, each held against its hash first."""
    async for page in pages(folder, service, after, url, token):
        for raw in page:
            check_leaf(from_cloudevent(raw))
            sys.stdout.write(raw.decode() + "\n")


async def verify_events(folder: Path, service: str, out: Console) -> None:
    """Positions 1, 2, 3 …, versions in order within each stream, every hash; the first difference is named.

    Raises:
        PartFailed: something does not fit; says where.
    """
    position, versions = 0, dict[str, int]()
    async for page in pages(folder, service, 0, None, None):
        for event in map(from_cloudevent, page):
            position += 1
            _fits(service, event, position, versions)
    out.print(f"{service}: {position} 个事件完好 events, no gap, every hash holds")


def _fits(service: str, event: StoredEvent, position: int, versions: dict[str, int]) -> None:
    if event.position != position:
        raise PartFailed(f"{service}: position {position} is missing; {event.position} comes in its place")
    key = str(event.stream)
    if event.version != versions.get(key, 0) + 1:
        raise PartFailed(f"{service} {position}: version {event.version} of {key} follows {versions.get(key, 0)}")
    versions[key] = event.version
    try:
        check_leaf(event)
    except Tampered as error:
        raise PartFailed(str(error)) from error


async def explain_deadline(folder: Path, service: str, deadline: str, tenant: str, out: Console) -> None:
    """The account of a deadline, day by day."""
    where, bearer = address_of(folder, service, None), token_of(folder, None, tenant)
    async with httpx.AsyncClient(timeout=20) as client:
        answer = await client.get(f"{where}/v1/deadlines/{deadline}", headers={"Authorization": f"Bearer {bearer}"})
    if answer.status_code != 200:
        raise PartFailed(f"{where} answered {answer.status_code}: {answer.text[:500]}")
    found = answer.json()
    out.print(f"{found['name']} · {found['state']} · {found['due_at']}")
    lines: Sequence[dict[str, str]] = found["explanation"]
    for line in lines:
        out.print(f"  {line.get('zh', line)}")
