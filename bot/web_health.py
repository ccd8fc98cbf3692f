"""GET /healthz: whether this process can do its work, and which parts are in trouble; no details for strangers."""

import asyncio
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.health import OK, Health
from storage import inbox
from storage.database import Database

_LOOK_EVERY = 5.0  # seconds: however often strangers ask
_PATIENCE = 2.0  # seconds for the database


class HealthPage:
    """Says 200 while the database can be reached, 503 when it cannot: then another process may do better."""

    def __init__(self, health: Health, database: Database) -> None:
        self._health, self._database = health, database
        self._reachable = True
        self._looked_at: float | None = None
        self._one_look = asyncio.Lock()

    def routes(self) -> Sequence[BaseRoute]:
        """Return what the web server is to know."""
        return [Route("/healthz", self._show)]

    async def _show(self, _request: Request) -> Response:
        reachable = await self._database_answers()
        trouble = sorted(part for part, flag in self._health.flags.items() if flag.state != OK)
        if not reachable:
            trouble.append("database")
        body = {"ok": not trouble, "trouble": trouble}
        return JSONResponse(body, 200 if reachable else 503, headers={"Cache-Control": "no-store"})

    async def _database_answers(self) -> bool:
        async with self._one_look:
            now = asyncio.get_running_loop().time()
            if self._looked_at is None or now - self._looked_at >= _LOOK_EVERY:
                self._reachable = await self._look()
                self._looked_at = asyncio.get_running_loop().time()
        return self._reachable

    async def _look(self) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE), self._database.read() as tx:
                await inbox.waiting_count(tx)
        except Exception:
            return False
        return True
