"""``python -m chancery.contracts check | write``: hold the code against the promise in ``docs/contracts``."""

import sys
from pathlib import Path
from typing import Any

import orjson

from chancery.contracts.compare import compare
from chancery.contracts.documents import Schema, asyncapi, event_schemas
from chancery.events import REGISTRY

HERE = Path(__file__).resolve().parents[3] / "docs" / "contracts"


def differences(folder: Path) -> tuple[list[str], list[str]]:
    """What breaks the promise, and what merely is not written down yet; each a sentence."""
    broken: list[str] = []
    unwritten: list[str] = []
    present = event_schemas()
    for file in sorted((folder / "events").glob("*.json")):
        name, _, version = file.stem.rpartition(".v")
        if not REGISTRY.knows(name):
            broken.append(f"{name} was promised and is declared nowhere: an event is never renamed or dropped")
            continue
        declared = REGISTRY.of(name).event_version
        if declared == int(version):
            promised: Schema = orjson.loads(file.read_bytes())
            for change in compare(promised, present[file.stem]):
                line = f"{file.stem}: {change.where}: {change.what}"
                (broken if change.breaking else unwritten).append(line)
        elif declared < int(version):
            broken.append(f"{name}: version {version} was promised, the code knows {declared}")
    written = {file.stem for file in (folder / "events").glob("*.json")}
    unwritten += [f"{stem} is not written down yet" for stem in present if stem not in written]
    document = folder / "asyncapi.json"
    if not document.exists() or document.read_bytes() != pretty(asyncapi()):
        unwritten.append("asyncapi.json is not the present one")
    return broken, unwritten


def pretty(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def write(folder: Path) -> int:
    (folder / "events").mkdir(parents=True, exist_ok=True)
    schemas = event_schemas()
    for stem, schema in schemas.items():
        (folder / "events" / f"{stem}.json").write_bytes(pretty(schema))
    (folder / "asyncapi.json").write_bytes(pretty(asyncapi()))
    return len(schemas)


def main(arguments: list[str], folder: Path = HERE) -> int:
    """0: the promise is kept and written down; 1: it is not; 2: wrong use."""
    if arguments not in (["check"], ["write"]):
        print("usage: python -m chancery.contracts check | write", file=sys.stderr)
        return 2
    broken, unwritten = differences(folder)
    for line in broken:
        print(f"breaks a promise: {line}")
    if broken:
        print("Declare the next version of the event and an upcaster from the old one; leave the old shape alone.")
        return 1
    if arguments == ["write"]:
        print(f"{write(folder)} event schemas and asyncapi.json written")
        return 0
    for line in unwritten:
        print(f"not written down: {line}")
    if unwritten:
        print("Run `python -m chancery.contracts write` and commit what it wrote.")
        return 1
    print(f"{len(event_schemas())} event types keep their promise")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
