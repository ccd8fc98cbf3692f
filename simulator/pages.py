"""The chat page and what it needs, all from this address."""

from pathlib import Path

from aiohttp import web

_HERE = Path(__file__).parent / "page"
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
# address under /lib/: path in node_modules
_LIBRARIES = {
    "leaflet.js": "leaflet/dist/leaflet-src.esm.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "vazirmatn.woff2": "vazirmatn/fonts/webfonts/Vazirmatn[wght].woff2",
}
_KINDS = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}


class Pages:
    """Serves files of two folders and no others."""

    def __init__(self, modules: Path) -> None:
        self._modules = modules

    def routes(self) -> list[web.AbstractRouteDef]:
        """The addresses of the page."""
        return [
            web.get("/", self.index),
            web.get("/page/{name:[a-z_]+\\.(?:js|css|svg)}", self.own),
            web.get("/lib/{name:[a-z]+\\.(?:js|css|woff2)}", self.library),
            web.get("/favicon.ico", self.icon),
        ]

    async def index(self, request: web.Request) -> web.StreamResponse:
        """The page."""
        return _file(_HERE / "index.html")

    async def own(self, request: web.Request) -> web.StreamResponse:
        """Its scripts and styles."""
        return _file(_HERE / request.match_info["name"])

    async def library(self, request: web.Request) -> web.StreamResponse:
        """Leaflet and the font, where npm has put them."""
        path = _LIBRARIES.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        return _file(self._modules / path)

    async def icon(self, request: web.Request) -> web.StreamResponse:
        """The icon of the tab."""
        return _file(_HERE / "icon.svg")


def _file(path: Path) -> web.FileResponse:
    if not path.is_file():
        raise web.HTTPNotFound(text="not installed: run npm ci\n" if "node_modules" in path.parts else "not found\n")
    headers = dict(_HEADERS)
    if path.suffix in _KINDS:
        headers["Content-Type"] = f"{_KINDS[path.suffix]}; charset=utf-8"
    return web.FileResponse(path, headers=headers)
