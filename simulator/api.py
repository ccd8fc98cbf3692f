"""The Bot API over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aiohttp import web

from simulator import calllog, parameters
from simulator.calllog import CallLog
from simulator.calls import Call, Upload, read_parameters
from simulator.exchange import Exchange
from simulator.faults import Fault
from simulator.limits import RateLimits
from simulator.methods.table import NAMES, Method, method_called
from simulator.queue import Waiting
from simulator.refusals import Refused
from simulator.world import Bot, Json

_PIECES = 8
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class BotApi:
    """Answers bots."""

    def __init__(self, exchange: Exchange, log: CallLog) -> None:
        self._exchange, self.log = exchange, log
        self.faults, self.limits = exchange.faults, RateLimits(exchange.now, exchange.world)
        self.limits.enabled = exchange.config.rate_limits

    def routes(self) -> list[web.AbstractRouteDef]:
        """The addresses of the Bot API."""
        return [
            web.route("*", "/bot{token}/{method}", self.call),
            web.get("/file/bot{token}/{path:.+}", self.download),
        ]

    # Calls ----------------------------------------------------------------------------------------------------------

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One call of a method."""
        bot = self._exchange.world.bots.get(request.match_info["token"])
        method = NAMES.get(request.match_info["method"].lower(), request.match_info["method"])
        if bot is None:
            return self._no_bot(request, method)
        began = self._exchange.now()
        values: Json = {}
        files: dict[str, Upload] = {}
        try:
            values, files = await read_parameters(request)
        except Refused as refused:
            return self._respond(bot, method, began, values, files, *refused.answer(bot.flavour))
        fault = self.faults.strike(bot.username, method, values.get("chat_id"))
        call = Call(self._exchange, bot, method, values, files)
        if fault is not None:
            return await self._faulty(request, call, fault, began)
        status, body = await self.answer(call)
        return self._respond(bot, method, began, values, files, status, body)

    async def answer(self, call: Call) -> tuple[int, Json]:
        """Does what a call asks for; gives status and body."""
        bot = call.bot
        try:
            self.limits.check(bot, call.method, call.values)
            method = method_called(call.method, bot.flavour)
            if method is None:
                raise Refused("no-such-method" if bot.flavour == "bale" else _missing(call.method))
            if self._exchange.config.strict:
                parameters.check(call)
            return 200, {"ok": True, "result": await self._result(method, parameters.heard(call))}
        except Refused as refused:
            return refused.answer(bot.flavour)

    @staticmethod
    async def _result(method: Method, call: Call) -> object:
        try:
            return await method(call)
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
            parameters.check_objects(call)  # what the method could not read is refused; anything else is our fault
            raise

    async def called_back(self, bot: Bot, values: Json) -> None:
        """Runs the method that a bot called in its answer to a webhook; nobody tells it what came of it."""
        rest = {key: value for key, value in values.items() if key != "method"}
        method = NAMES.get(str(values["method"]).lower(), str(values["method"]))
        began = self._exchange.now()
        status, body = await self.answer(Call(self._exchange, bot, method, rest))
        self.note(bot, method, began, rest, status, body, webhook=True)

    def _no_bot(self, request: web.Request, method: str) -> web.Response:
        # Nobody knows the messenger of an unknown token; Telegram answers 404 to one that is no token at all.
        token = request.match_info["token"]
        whole = token.partition(":")[0].isdigit() and ":" in token
        status, body = Refused("unauthorized" if whole else "no-such-method").answer("telegram")
        row: Json = {"at": self._exchange.now(), "bot": None, "method": method, "parameters": {}, "status": status}
        self.log.add(row | {"answer": body["description"], "seconds": 0.0})
        return _response(status, body)

    def _respond(
        self, bot: Bot, method: str, began: float, values: Json, files: dict[str, Upload], status: int, body: Json
    ) -> web.Response:
        self.note(bot, method, began, calllog.parameters(values, files), status, body)
        if bot.config.errors_with_200 and bot.flavour == "bale":
            status = 200
        return _response(status, body)

    def note(self, bot: Bot, method: str, began: float, sent: Json, status: int, body: Any, **more: Any) -> None:
        """Writes a row into the call log."""
        if isinstance(body, dict):
            result = body.get("result")
            if method == "getUpdates" and isinstance(result, list):
                body = [one.id for one in result]
            else:
                body = calllog.summary(result) if body.get("ok") else body.get("description")
        row: Json = {"at": began, "bot": bot.username, "method": method, "parameters": sent}
        row |= {"status": status, "answer": body, "seconds": round(self._exchange.now() - began, 4)}
        if strange := parameters.unknown(method, sent, bot.flavour):
            more["unknown"] = strange
        self.log.add(row | more)

    # Faults ---------------------------------------------------------------------------------------------------------

    async def _faulty(self, request: web.Request, call: Call, fault: Fault, began: float) -> web.StreamResponse:
        if fault.delay:
            await asyncio.sleep(fault.delay)
        takes_effect = fault.effect or fault.drop == "after" or not (fault.answers or fault.drop)
        status, body = await self.answer(call) if takes_effect else (0, {})
        real = status
        answer: object = body
        if fault.answers:
            status, answer = fault.answer(call.bot.flavour)
        noted = answer if isinstance(answer, dict) else str(answer)[:200]
        more = {"fault": True, "effect": takes_effect and real == 200, "dropped": fault.drop}
        sent = calllog.parameters(call.values, call.files)
        self.note(call.bot, call.method, began, sent, status, noted, **more)
        if fault.drop is not None:
            return _cut(request)
        if call.bot.config.errors_with_200 and not fault.answers:
            status = 200
        if fault.damage:
            answer = self._spoilt(fault, answer)
        if fault.drip:
            return await _dripped(request, status, _bytes(answer), fault.drip)
        return _response(status, answer)

    def _spoilt(self, fault: Fault, answer: object) -> object:
        """An answer cut short, or one whose updates are malformed."""
        if fault.damage == "cut":
            return self.faults.damage(fault, _bytes(answer).decode()).encode()
        result = answer.get("result") if isinstance(answer, dict) else None
        if not isinstance(result, list) or not result or not isinstance(result[0], Waiting):
            return answer
        return {"ok": True, "result": [replace(one, text=self.faults.damage(fault, one.text)) for one in result]}

    # Files ----------------------------------------------------------------------------------------------------------

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The bytes behind a link that getFile gave to this bot."""
        bot = self._exchange.world.bots.get(request.match_info["token"])
        path = request.match_info["path"]
        if bot is None:
            return _response(*Refused("no-such-method").answer("telegram"))
        began = self._exchange.now()
        fault = self.faults.strike(bot.username, "download", None)
        if fault is not None and (early := await self._faulty_download(request, bot, fault, began)):
            return early
        found = bot.links.get(path)
        if found is None or found[1] < began:
            self.note(bot, "download", began, {"path": path}, 404, "Not Found")
            return _response(*Refused("no-such-method").answer("telegram"))
        data = found[0].data
        self.note(bot, "download", began, {"path": path}, 200, len(data))
        if fault is not None and fault.drip:
            return await _dripped(request, 200, data, fault.drip)
        return web.Response(body=data, content_type="application/octet-stream")

    async def _faulty_download(
        self, request: web.Request, bot: Bot, fault: Fault, began: float
    ) -> web.StreamResponse | None:
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.drop is not None:
            self.note(bot, "download", began, {}, 0, "", fault=True, dropped=fault.drop)
            return _cut(request)
        if fault.answers:
            status, answer = fault.answer(bot.flavour)
            self.note(bot, "download", began, {}, status, "", fault=True)
            return _response(status, answer)
        return None


def _missing(method: str) -> str:
    # A method that the real server has but the simulator does not play is a gap of ours, and says so.
    return "not-simulated" if method[:3] in ("sen", "get", "set", "del", "edi", "ans") else "no-such-method"


def _bytes(body: object) -> bytes:
    if isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode()
    result = body.get("result") if isinstance(body, dict) else None
    if isinstance(result, Sequence) and result and isinstance(result[0], Waiting):
        return ('{"ok":true,"result":[' + ",".join(one.text for one in result) + "]}").encode()
    return _encode(body).encode()


def _response(status: int, body: object) -> web.Response:
    kind = "text/html" if isinstance(body, str) else "application/json"
    return web.Response(status=status, body=_bytes(body), content_type=kind)


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _dripped(request: web.Request, status: int, data: bytes, seconds: float) -> web.StreamResponse:
    response = web.StreamResponse(status=status, headers={"Content-Type": "application/json"})
    response.content_length = len(data)
    await response.prepare(request)
    step = max(1, -(-len(data) // _PIECES))
    for at in range(0, len(data), step):
        await asyncio.sleep(seconds / _PIECES)
        await response.write(data[at : at + step])
    await response.write_eof()
    return response
