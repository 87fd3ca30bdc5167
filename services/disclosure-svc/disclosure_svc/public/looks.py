"""How pages are made: templates with everything escaped, one style within the page, nothing from outside."""

import base64
import hashlib
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

TEMPLATES = Path(__file__).with_name("templates")
STYLE = (TEMPLATES / "page.css").read_text(encoding="utf-8")
DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
PAGES = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
SAFE = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{DIGEST}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def page(template: str, *, status: int = 200, **what: object) -> HTMLResponse:
    """A page; the style's own hash is all that its policy lets in. Caches keep what was found for a minute."""
    found = PAGES.get_template(template).render(style=Markup(STYLE), **what)  # noqa: S704  our own file, no input
    cache = {"Cache-Control": "public, max-age=60" if status == 200 else "no-store"}
    return HTMLResponse(found, status, headers={**SAFE, **cache})
