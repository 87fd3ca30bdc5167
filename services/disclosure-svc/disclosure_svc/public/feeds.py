"""The catalogue for machines: Atom, DCAT as JSON-LD, the site map, and what robots are told."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final
from uuid import UUID

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]  it has no types

from chancery.office.table import clean
from chancery.rules.governments import Government
from disclosure_svc.public.entries import PublicEntry, Tombstone

ATOM: Final = "http://www.w3.org/2005/Atom"
DELETED: Final = "http://purl.org/atompub/tombstones/1.0"
SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST_IN_FEED: Final = 50
MOST_IN_MAP: Final = 50_000
"""What the protocol allows in one file."""
XML: Any = etree  # pyright: ignore[reportUnknownVariableType]  the same


def _child(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
    child = XML.SubElement(parent, tag, attributes)
    child.text = None if text is None else clean(text)
    return child


def _moment(on: date) -> str:
    return datetime.combine(on, time(), UTC).isoformat().replace("+00:00", "Z")


def atom(
    site: str,
    government: Government,
    tenant: str,
    entries: Sequence[PublicEntry],
    gone: Sequence[tuple[Tombstone, datetime]],
) -> bytes:
    """The latest entries; a withdrawn one as a deleted entry, so that readers drop it too (RFC 4287, RFC 6721)."""
    home = f"{site}/public/{tenant}"
    feed = XML.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "at": DELETED})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", "zh-CN")
    _child(feed, f"{{{ATOM}}}title", f"{government.zh} 政府信息公开目录")
    _child(feed, f"{{{ATOM}}}subtitle", f"{government.en}: public catalogue")
    _child(feed, f"{{{ATOM}}}id", home)
    days = [entry.published_on for entry in entries] + [stone.withdrawn_on for stone, _ in gone]
    _child(feed, f"{{{ATOM}}}updated", _moment(max(days, default=date(2000, 1, 1))))
    _child(feed, f"{{{ATOM}}}link", rel="self", href=f"{home}/atom.xml")
    _child(feed, f"{{{ATOM}}}link", rel="alternate", href=home)
    author = _child(feed, f"{{{ATOM}}}author")
    _child(author, f"{{{ATOM}}}name", government.zh)
    for entry in entries:
        _atom_entry(feed, site, entry)
    for stone, _ in gone:
        deleted = _child(
            feed, f"{{{DELETED}}}deleted-entry", ref=f"urn:uuid:{stone.id}", when=_moment(stone.withdrawn_on)
        )
        _child(deleted, f"{{{DELETED}}}comment", stone.reason)
    return XML.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _atom_entry(feed: Any, site: str, entry: PublicEntry) -> None:
    told = _child(feed, f"{{{ATOM}}}entry")
    _child(told, f"{{{ATOM}}}title", f"{entry.number} {entry.title}")
    _child(told, f"{{{ATOM}}}id", f"urn:uuid:{entry.id}")
    _child(told, f"{{{ATOM}}}published", _moment(entry.published_on))
    _child(told, f"{{{ATOM}}}updated", _moment(max(entry.published_on, entry.validity_from or entry.published_on)))
    _child(told, f"{{{ATOM}}}link", rel="alternate", href=f"{site}{entry.address}")
    _child(told, f"{{{ATOM}}}category", term=entry.kind.id, label=clean(entry.kind.zh))
    _child(told, f"{{{ATOM}}}summary", entry.summary or f"{entry.issuer.zh} {entry.kind.zh} {entry.index_number}")


def site_map(site: str, tenant: str, pages: Sequence[tuple[UUID, date]]) -> bytes:
    urls = XML.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP})
    _child(_child(urls, f"{{{SITEMAP}}}url"), f"{{{SITEMAP}}}loc", f"{site}/public/{tenant}")
    for entry_id, on in pages:
        url = _child(urls, f"{{{SITEMAP}}}url")
        _child(url, f"{{{SITEMAP}}}loc", f"{site}/public/{tenant}/{entry_id}")
        _child(url, f"{{{SITEMAP}}}lastmod", on.isoformat())
    return XML.tostring(urls, xml_declaration=True, encoding="utf-8", pretty_print=True)


def map_of_maps(site: str, tenants: Sequence[str]) -> bytes:
    maps = XML.Element(f"{{{SITEMAP}}}sitemapindex", nsmap={None: SITEMAP})
    for tenant in tenants:
        _child(_child(maps, f"{{{SITEMAP}}}sitemap"), f"{{{SITEMAP}}}loc", f"{site}/public/{tenant}/sitemap.xml")
    return XML.tostring(maps, xml_declaration=True, encoding="utf-8", pretty_print=True)


def robots(site: str) -> str:
    """What is public may be read and kept by anybody; the rest answers without a token only that it needs one."""
    return f"User-agent: *\nAllow: /public\nDisallow: /v1/\nSitemap: {site}/sitemap.xml\n"


def dcat(site: str, government: Government, tenant: str, entries: Sequence[PublicEntry], after: str | None) -> Any:
    """One page of the catalogue in the words of DCAT 3; ``after`` is the address of the following page."""
    home = f"{site}/public/{tenant}"
    found: dict[str, Any] = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "adms": "http://www.w3.org/ns/adms#",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "spdx": "http://spdx.org/rdf/terms#",
            "hydra": "http://www.w3.org/ns/hydra/core#",
        },
        "@id": home,
        "@type": "dcat:Catalog",
        "dct:title": [{"@value": f"{government.zh} 政府信息公开目录", "@language": "zh-CN"}, _english(government.en)],
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": government.zh},
        "dct:language": "zh-CN",
        "dcat:dataset": [_dataset(site, entry) for entry in entries],
    }
    return {**found, "hydra:next": {"@id": after}} if after else found


def _english(name: str) -> dict[str, str]:
    return {"@value": f"{name}: public catalogue", "@language": "en"}


def _dataset(site: str, entry: PublicEntry) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@id": f"{site}{entry.address}",
        "@type": "dcat:Dataset",
        "dct:identifier": entry.index_number,
        "dct:title": entry.title,
        "dct:description": entry.summary,
        "dct:created": entry.issued_on.isoformat(),
        "dct:issued": entry.published_on.isoformat(),
        "dct:valid": entry.effective_on.isoformat() if entry.effective_on else None,
        "dct:creator": entry.unit.zh,
        "dct:publisher": entry.issuer.zh,
        "dct:bibliographicCitation": entry.number,
        "dct:type": entry.kind.zh,
        "dct:audience": entry.audience,
        "dct:accessRights": "主动公开",
        "dcat:theme": entry.theme,
        "dcat:keyword": entry.keywords or None,
        "dcat:landingPage": f"{site}{entry.address}",
        "adms:status": entry.validity,
        "dct:isReplacedBy": _linked(site, entry, ("superseded_by", "repealed_by")),
        "dct:replaces": _linked(site, entry, ("supersedes", "repeals")),
    }
    if entry.text is not None:
        told["dcat:distribution"] = {
            "@type": "dcat:Distribution",
            "dct:title": entry.text.name,
            "dcat:byteSize": entry.text.size,
            "dcat:downloadURL": f"{site}{entry.text.address}" if entry.text.address else None,
            "spdx:checksum": {"spdx:algorithm": "sha256", "spdx:checksumValue": entry.text.sha256},
        }
    return {name: value for name, value in told.items() if value is not None}


def _linked(site: str, entry: PublicEntry, relations: Sequence[str]) -> list[str] | None:
    home = entry.address.rpartition("/")[0]
    return [f"{site}{home}/{link.id}" for link in entry.links if link.relation in relations] or None
