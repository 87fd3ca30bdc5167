"""Hold what the importer read against what is true of a document: right, null with a doubt, or wrong."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import yaml

from document_svc.intake.bodies import same
from document_svc.intake.importer import Imported, import_text

FOLDER = Path(__file__).with_name("intake")
DEMANDED = (
    "kind", "number", "parts", "title", "issuers", "addressees", "copy_to", "signed", "printed", "published",
    "urgency", "disclosure", "signer", "adopted", "agreed_by", "references", "print_line",
)  # fmt: skip


def public_documents() -> list[dict[str, Any]]:
    return json.loads((FOLDER / "public_documents.json").read_text("utf-8"))["documents"]


def rule_texts() -> list[dict[str, Any]]:
    return yaml.safe_load((FOLDER / "rule_texts.yaml").read_text("utf-8"))


def plain(value: Any) -> Any:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", value)) if isinstance(value, str) else value


def judged(known: Mapping[str, Any]) -> Iterator[tuple[str, str, Any, Any]]:
    """For each demanded field: its name, right or null or wrong, what is true and what was read.

    A list of addressees is right where the same names stand in the same order, however they are grouped; a body where
    its long and its short form meet; what the meeting is called without its number.
    """
    found = import_text(known["text"], known.get("page"))[0]
    says = cast("dict[str, Any]", known["says"])
    got = read(found)
    for name in DEMANDED:
        true, said = says.get(name) or None, got[name]
        if name == "parts" and true is None:
            continue
        if true == said or (true is not None and said is not None and _alike(name, true, said)):
            yield name, "right", true, said
        elif said is None or (name == "references" and set(said) < set(true or ())):
            yield name, "null", true, said
        else:
            yield name, "wrong", true, said


def read(found: Imported) -> dict[str, Any]:
    number = found.number.value if found.number else None
    adopted = found.adopted.value if found.adopted else None
    line = found.print_line.value if found.print_line else None
    day = {name: getattr(found, name) for name in ("signed", "printed", "published")}
    single = {name: getattr(found, name) for name in ("kind", "title", "urgency", "disclosure", "signer", "agreed_by")}
    return {
        **{name: said.value if said else None for name, said in single.items()},
        **{name: said.value.isoformat() if said else None for name, said in day.items()},
        "number": number.whole if number else None,
        "parts": {"code": number.code, "year": number.year, "seq": number.seq} if number else None,
        "issuers": [said.value for said in found.issuers] or None,
        "addressees": [said.value for said in found.addressees] or None,
        "copy_to": [said.value for said in found.copy_to] or None,
        "references": sorted(said.value.whole for said in found.references) or None,
        "adopted": adopted
        and {
            "body": adopted.body,
            "session": adopted.session,
            "on": adopted.on.isoformat() if adopted.on else None,
            "verb": adopted.verb,
        },
        "print_line": line and {"by": line.by, "on": line.on.isoformat() if line.on else None, "copies": line.copies},
    }


def _alike(name: str, true: Any, said: Any) -> bool:
    if name == "issuers":
        return len(true) == len(said) and all(same(a, b) for a, b in zip(true, said, strict=True))
    if name in ("addressees", "copy_to"):
        return _flat(true) == _flat(said)
    if name == "adopted":
        rest = all(true[key] == said[key] for key in ("session", "on", "verb"))
        return rest and same(_unnumbered(true["body"]), _unnumbered(said["body"]))
    return plain(true) == plain(said)


def _flat(names: list[str]) -> list[str]:
    return [part for name in names for part in re.split(r"[、,]", plain(name))]


def _unnumbered(body: str) -> str:
    return re.sub(r"第[\d一二三四五六七八九十]+次(?!会议)", "", plain(body))


def table(documents: list[dict[str, Any]]) -> tuple[str, dict[str, Counter[str]]]:
    """The table field | right | null | wrong, as text and as counts."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in DEMANDED}
    for known in documents:
        for name, how, _, _ in judged(known):
            counts[name][how] += 1
    lines = [f"{'field':<12} | right | null | wrong"]
    lines += [f"{name:<12} | {c['right']:>5} | {c['null']:>4} | {c['wrong']:>5}" for name, c in counts.items()]
    return "\n".join(lines), counts
