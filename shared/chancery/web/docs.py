"""The API's pages, from files that lie here: nothing is fetched from elsewhere."""

from html import escape
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

VENDORED: Final = Path(__file__).parent / "vendored"
CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; frame-ancestors 'none'"
)
PAGE: Final = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{base}/docs/static/swagger-ui.css"></head>
<body><div id="docs" data-openapi="{base}/openapi.json"></div>
<script src="{base}/docs/static/swagger-ui-bundle.js"></script>
<script src="{base}/docs/begin.js"></script></body></html>
"""
BEGIN: Final = """SwaggerUIBundle({
  url: document.getElementById("docs").dataset.openapi,
  dom_id: "#docs",
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
});
"""


def add_docs(app: FastAPI, title: str) -> None:
    """``/docs`` on the vendored viewer."""

    async def docs(request: Request) -> Response:
        base = str(request.scope.get("root_path", "")).rstrip("/")
        page = PAGE.format(title=escape(title), base=escape(base))
        return HTMLResponse(page, headers={"Content-Security-Policy": CSP})

    async def begin(_: Request) -> Response:
        return Response(BEGIN, media_type="text/javascript")

    app.add_route("/docs", docs, include_in_schema=False)
    app.add_route("/docs/begin.js", begin, include_in_schema=False)
    app.mount("/docs/static", StaticFiles(directory=VENDORED / "swagger-ui"), name="docs-static")
