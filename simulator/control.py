"""The control door under /sim/: people's acts, faults, the clock, the log and live changes, all in JSON."""

import asyncio
import base64
import binascii
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from simulator import calllog
from simulator.api import BotApi
from simulator.config import Flavour
from simulator.exchange import Change, Exchange
from simulator.faults import fault_from
from simulator.person import CannotDo, Person
from simulator.views import bot_json, chat_json, message_json, person_json, state_json
from simulator.world import Json

ACTS = frozenset(
    {
        "write", "reply", "start", "open_link", "photo", "album", "file", "document", "voice", "video", "sticker",
        "location", "venue", "contact", "forward", "edit", "press", "press_raw", "press_keyboard", "block",
        "unblock", "add_bot", "kick_bot",
    }
)  # fmt: skip
_HEARTBEAT = 15.0
_BACKLOG = 1000
_LINES = 2000


class Control:
    """Answers the page and whoever steers the simulator over HTTP."""

    def __init__(self, exchange: Exchange, api: BotApi, person: Callable[[int, Flavour | None], Person]) -> None:
        self._exchange, self._api, self._person = exchange, api, person
        self._streams: set[asyncio.Queue[str | None]] = set()

    def routes(self) -> list[web.AbstractRouteDef]:
        """The addresses of the control door."""
        return [
            web.get("/sim/state", self.state),
            web.get("/sim/events", self.events),
            web.get("/sim/log", self.log),
            web.get("/sim/log/count", self.count),
            web.get("/sim/map", self.map),
            web.get("/sim/files/{number:\\d+}", self.file),
            web.get("/sim/faults", self.list_faults),
            web.delete("/sim/faults", self.clear_faults),
            web.get("/sim/queues", self.queues),
            web.post("/sim/act", self._json(self.act)),
            web.post("/sim/acts", self._json(self.acts)),
            web.post("/sim/faults", self._json(self.add_fault)),
            web.post("/sim/updates", self._json(self.inject)),
            web.post("/sim/restart_update_ids", self._json(self.restart_ids)),
            web.post("/sim/clock", self._json(self.clock)),
            web.post("/sim/rate_limits", self._json(self.rate_limits)),
            web.post("/sim/reset", self._json(self.reset)),
        ]

    @staticmethod
    def _json(
        handler: Callable[[Json], Awaitable[object]],
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            # Pages of other sites cannot send this type without asking first, and nobody allows them.
            if request.content_type != "application/json":
                raise web.HTTPUnsupportedMediaType(text="send application/json")
            try:
                return web.json_response({"ok": True, "result": await handler(json.loads(await request.text()))})
            except (LookupError, ValueError, TypeError, CannotDo) as error:
                return _wrong(error)

        return answer

    # Reading --------------------------------------------------------------------------------------------------------

    async def state(self, request: web.Request) -> web.Response:
        """Everything that the page shows."""
        return web.json_response(state_json(self._exchange))

    async def log(self, request: web.Request) -> web.StreamResponse:
        """The call log as JSON lines, or the rows after ``since``; filtered as the counts are."""
        query = dict(request.query)
        try:
            rows, wanted = self._api.log.since(int(query.pop("since", "0"))), calllog.filters(query)
        except ValueError as error:
            return _wrong(error)
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)
        for at in range(0, len(rows), _LINES):
            lines = calllog.as_lines([row for row in rows[at : at + _LINES] if calllog.matches(row, **wanted)])
            await response.write(lines.encode())
            await asyncio.sleep(0)  # a long log keeps no bot waiting
        await response.write_eof()
        return response

    async def count(self, request: web.Request) -> web.Response:
        """How many calls there were: ``?method=sendMessage&status=200&bot=city_bot``, all of them optional."""
        log = self._api.log
        try:
            return web.json_response({"count": log.count(**calllog.filters(request.query)), "last": log.last})
        except ValueError as error:
            return _wrong(error)

    async def queues(self, request: web.Request) -> web.Response:
        """How many updates each bot has not confirmed, and how many nobody fetched in time."""
        rows = [
            {"bot": bot.username, "flavour": bot.flavour, "waiting": len(queue), "next_id": queue.next_id}
            | {"dropped": queue.dropped, "webhook": queue.webhook is not None, "listening": queue.listening}
            for bot in self._exchange.world.bots.values()
            for queue in (self._exchange.queues[bot.config.token],)
        ]
        return web.json_response(rows)

    async def map(self, request: web.Request) -> web.StreamResponse:
        """The districts as GeoJSON, 404 where the configuration names none."""
        path = self._exchange.config.map
        if path is None:
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Content-Type": "application/geo+json"})

    async def file(self, request: web.Request) -> web.Response:
        """A file for the page; never run as a page of its own."""
        found = self._exchange.files.by_number(int(request.match_info["number"]))
        if found is None:
            raise web.HTTPNotFound
        safe = found.mime.startswith(("image/jpeg", "image/png", "image/webp", "audio/", "video/"))
        kind = found.mime.partition(";")[0] if safe else "application/octet-stream"
        return web.Response(body=found.data, content_type=kind)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Changes as they happen, as server-sent events."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        stream: asyncio.Queue[str | None] = asyncio.Queue(_BACKLOG)
        self._streams.add(stream)
        self._exchange.watchers.add(self.publish)
        try:
            await self._pump(response, stream)
        except ConnectionError:
            pass  # the page was closed
        finally:
            self._streams.discard(stream)
            if not self._streams:
                self._exchange.watchers.discard(self.publish)
        return response

    async def _pump(self, response: web.StreamResponse, stream: "asyncio.Queue[str | None]") -> None:
        await response.write(b": here\n\n")
        while True:
            try:
                async with asyncio.timeout(_HEARTBEAT):
                    event = await stream.get()
            except TimeoutError:
                event = ": still here\n\n"
            if event is None:
                return
            await response.write(event.encode())

    def publish(self, change: Change) -> None:
        """Sends a change to every open page; a page that cannot keep up is told to load anew."""
        text = f"data: {json.dumps(self._event(change), ensure_ascii=False)}\n\n"
        for stream in list(self._streams):
            try:
                stream.put_nowait(text)
            except asyncio.QueueFull:
                self._streams.discard(stream)

    def close(self) -> None:
        """Ends every stream."""
        for stream in list(self._streams):
            if stream.full():
                stream.get_nowait()
            stream.put_nowait(None)

    def _event(self, change: Change) -> Json:
        out: Json = {"what": change.what, **change.more}
        if change.account is not None:
            out["person"] = person_json(change.account)
        if change.chat is not None:
            out["chat"] = chat_json(self._exchange, change.chat, with_messages=False)
        if change.message is not None:
            out["message"] = message_json(self._exchange, change.message)
        if change.what == "bots":
            out["bots"] = [bot_json(one) for one in self._exchange.world.bots.values()]
        return out

    # Acting ---------------------------------------------------------------------------------------------------------

    async def act(self, body: Json) -> object:
        """Lets a person do something: ``{"person": id, "flavour": ..., "do": act, "with": {arguments}}``."""
        name = str(body.get("do"))
        if name not in ACTS:
            raise ValueError(f"no act {name!r}; there are {sorted(ACTS)}")
        person = self._person(int(body["person"]), body.get("flavour"))
        arguments = {key: _decoded(key, value) for key, value in (body.get("with") or {}).items()}
        return {"update_ids": await getattr(person, name)(**arguments)}

    async def acts(self, body: Json) -> object:
        """Several acts in order: ``{"acts": [...]}``."""
        return [await self.act(one) for one in body["acts"]]

    async def add_fault(self, body: Json) -> object:
        """Adds a rule, the fields of Fault."""
        self._api.faults.add(fault_from(body))
        return len(self._api.faults.rules)

    async def list_faults(self, request: web.Request) -> web.Response:
        """The rules that are left."""
        rules = [
            {"method": one.method, "bot": one.bot, "chat": one.chat, "times": one.times, "struck": one.struck}
            for one in self._api.faults.rules
        ]
        return web.json_response(rules)

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Takes all rules away."""
        self._api.faults.clear()
        return web.json_response({"ok": True})

    async def inject(self, body: Json) -> object:
        """Puts a raw update, an object or a text, into a bot's queue."""
        bot = self._exchange.world.bot_named(str(body["bot"]), body.get("flavour", "telegram"))
        return self._exchange.queues[bot.config.token].push_raw(body["update"])

    async def restart_ids(self, body: Json) -> object:
        """Numbers a bot's updates from another id on."""
        bot = self._exchange.world.bot_named(str(body["bot"]), body.get("flavour", "telegram"))
        self._exchange.queues[bot.config.token].restart_ids(int(body.get("at", 0)))
        return True

    async def clock(self, body: Json) -> object:
        """Sets the offset of the clock or moves it on, in seconds."""
        self._exchange.offset = float(body.get("offset", self._exchange.offset)) + float(body.get("advance", 0))
        return self._exchange.now()

    async def rate_limits(self, body: Json) -> object:
        """Turns rate limits on or off."""
        self._api.limits.enabled = bool(body["on"])
        return self._api.limits.enabled

    async def reset(self, body: Json) -> object:
        """Clears all chats, queues, faults and the log."""
        self._exchange.clear()
        self._api.faults.clear()
        self._api.log.clear()
        return True


def _wrong(error: Exception) -> web.Response:
    return web.json_response({"ok": False, "error": str(error)}, status=400)


def _decoded(key: str, value: Any) -> Any:
    """Files come as base64 under the names data and photos."""
    try:
        if key == "data" and isinstance(value, dict):
            return base64.b64decode(value["base64"], validate=True)
        if key == "photos":
            return [base64.b64decode(one["base64"], validate=True) for one in value]
    except (binascii.Error, KeyError, TypeError):
        raise ValueError(f"{key} must be {{'base64': ...}}") from None
    return tuple(value) if key == "at" else value
