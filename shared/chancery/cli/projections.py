"""Projections from the command line: how they are, and one filled anew while the old one serves."""

import importlib
from pathlib import Path
from urllib.parse import quote

from rich.console import Console
from rich.table import Table

from chancery.bus.projections import rebuild, status
from chancery.bus.streams import Bus, connect
from chancery.launch.part import PartFailed
from chancery.launch.postgres import password_of
from chancery.service import Service


def service_named(name: str) -> Service:
    """The declaration of an installed service.

    Raises:
        PartFailed: there is none of that name.
    """
    try:
        wiring = importlib.import_module(f"{name}_svc.wiring")
    except ModuleNotFoundError as error:
        raise PartFailed(f"没有服务 There is no service {name}") from error
    found: Service = wiring.SERVICE
    return found


def owner_of(folder: Path, name: str, named: str | None) -> str:
    """The database address of a service's owner role: as named, or of the house in the folder.

    Raises:
        PartFailed: none is named and no house is there.
    """
    if named:
        return named
    port, secret = folder / "postgres" / "port", folder / "services.secret"
    if not port.exists() or not secret.exists():
        raise PartFailed(f"no house runs in {folder}; set CHANCERY_OWNER_URL, or start one with `make run`")
    role = f"{name}_owner"
    word = quote(password_of(secret.read_text(), role), safe="")
    return f"postgresql://{role}:{word}@127.0.0.1:{port.read_text().strip()}/{name}"


async def show(folder: Path, name: str, owner_url: str | None, out: Console) -> None:
    """One line per projection: versions, rows, positions by source, what is parked."""
    table = Table(
        "读模型 projection", "来源 from", "版本 version", "行 rows", "位置 position", "死信 parked", title=f"{name}-svc"
    )
    for state in await status(service_named(name), owner_of(folder, name, owner_url)):
        serving = "—" if state.serving is None else str(state.serving)
        version = serving if not state.outdated else f"[red]{serving} → {state.declared}[/red]"
        positions = "  ".join(f"{source} {position}" for source, position in state.positions.items())
        table.add_row(state.name, state.kind, version, str(state.rows), positions, str(state.parked))
    out.print(table)


async def fill_anew(
    folder: Path, name: str, projection: str, owner_url: str | None, bus_url: str | None, out: Console
) -> None:
    """Rebuild one; says how far it is, and what came of it."""
    address = bus_url
    port = folder / "nats" / "port"
    if address is None and port.exists():
        address = f"nats://127.0.0.1:{port.read_text().strip()}"
    client = await connect(address, "projections") if address else None
    try:
        with out.status("重建中 rebuilding") as line:
            done = await rebuild(
                service_named(name),
                projection,
                owner_of(folder, name, owner_url),
                bus=Bus(client) if client else None,
                say=lambda source, position: line.update(f"重建中 rebuilding {projection}: {source} {position}"),
            )
    finally:
        if client is not None:
            await client.close()
    out.print(
        f"{done.name} v{done.version}: {done.events} 个事件 events，{done.seconds:.1f} s，死信 parked {done.parked}"
    )
