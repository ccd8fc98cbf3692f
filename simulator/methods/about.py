"""Methods about the bot itself, its commands, its files and how it gets updates."""

import re
from urllib.parse import urlsplit

from simulator.calls import Call
from simulator.config import Flavour
from simulator.files import DOWNLOAD_LIMIT
from simulator.queue import Waiting, Webhook
from simulator.refusals import Refused
from simulator.world import Json

LINK_LIVES = 3600
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_TEXTS = {
    "MyName": "name",
    "MyDescription": "description",
    "MyShortDescription": "short_description",
}
_PORTS: dict[Flavour, tuple[frozenset[int | None], str]] = {
    "telegram": (frozenset({None, 443, 80, 88, 8443}), "80, 88, 443 or 8443"),
    "bale": (frozenset({None, 443, 88}), "88 or 443"),
}
_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_CONNECTIONS = 40


async def get_me(call: Call) -> Json:
    """The bot's account."""
    bot = call.bot
    if bot.flavour == "bale":
        return bot.user
    reads_all = not bot.config.privacy
    more = {
        "can_join_groups": True,
        "can_read_all_group_messages": reads_all,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return bot.user | more


def _scope(call: Call) -> str:
    scope = call.data("scope") or {"type": "default"}
    key = ":".join(str(scope.get(part, "")) for part in ("type", "chat_id", "user_id"))
    return f"{key}:{call.text('language_code')}"


async def set_my_commands(call: Call) -> bool:
    """The menu of commands for one scope and language."""
    commands = call.data("commands")
    if not isinstance(commands, list) or len(commands) > 100:
        raise Refused("commands", reason="can't parse commands list")
    for one in commands:
        if not _COMMAND.fullmatch(str(one.get("command", ""))):
            raise Refused("commands", reason="BOT_COMMAND_INVALID")
        if not 1 <= len(str(one.get("description", ""))) <= 256:
            raise Refused("commands", reason="BOT_COMMAND_DESCRIPTION_INVALID")
    call.bot.commands[_scope(call)] = commands
    return True


async def get_my_commands(call: Call) -> list[Json]:
    """The commands set for a scope and language."""
    return call.bot.commands.get(_scope(call), [])


async def delete_my_commands(call: Call) -> bool:
    """No commands for a scope and language."""
    call.bot.commands.pop(_scope(call), None)
    return True


async def set_my_text(call: Call) -> bool:
    """Name, description or short description of the bot."""
    field = _TEXTS[call.method.removeprefix("set")]
    call.bot.texts[f"{field}:{call.text('language_code')}"] = call.text(field)
    return True


async def get_my_text(call: Call) -> Json:
    """What was set with the method above."""
    field = _TEXTS[call.method.removeprefix("get")]
    default = call.bot.config.name if field == "name" else ""
    return {field: call.bot.texts.get(f"{field}:{call.text('language_code')}", default)}


async def get_file(call: Call) -> Json:
    """A link to a file, alive for an hour."""
    if not call.text("file_id"):
        raise Refused("parameter", reason="file_id not specified")
    try:
        found = call.exchange.files.by_id(call.text("file_id"), call.bot.id)
    except Refused:
        raise Refused("getfile-id") from None
    if len(found.data) > DOWNLOAD_LIMIT:
        raise Refused("file-big")
    call.bot.links[found.path] = (found, call.exchange.now() + LINK_LIVES)
    out = {"file_id": found.id_for(call.bot.id), "file_unique_id": found.unique, "file_path": found.path}
    return out | {"file_size": len(found.data)}


async def get_updates(call: Call) -> list[Waiting]:
    """Waiting updates; confirms those below the offset."""
    queue = call.exchange.queues[call.bot.config.token]
    allowed = call.data("allowed_updates")
    if isinstance(allowed, list):
        queue.allowed = frozenset(str(one) for one in allowed)
    limit = call.integer("limit", 100)
    limit = limit if 1 <= limit <= 100 else 100
    timeout = min(50, max(0, call.integer("timeout")))
    return await queue.get(call.integer("offset"), limit, timeout)


async def set_webhook(call: Call) -> bool:
    """An address to push updates to; an empty one takes it away."""
    url = call.text("url")
    if not url:
        return await delete_webhook(call)
    _check_address(call, url)
    queue = call.exchange.queues[call.bot.config.token]
    if call.flag("drop_pending_updates") and call.bot.flavour == "telegram":
        queue.forget_all()
    queue.set_webhook(_hook(call, url))
    return True


def _hook(call: Call, url: str) -> Webhook:
    if call.bot.flavour == "bale":
        return Webhook(url, "", _CONNECTIONS)  # Bale has no other parameter
    secret = call.text("secret_token")
    if len(secret) > 256:
        raise Refused("parameter", reason="secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise Refused("parameter", reason="secret token contains unallowed characters")
    allowed = call.data("allowed_updates")
    queue = call.exchange.queues[call.bot.config.token]
    if isinstance(allowed, list):
        queue.allowed = frozenset(str(one) for one in allowed)
    return Webhook(url, secret, min(100, max(1, call.integer("max_connections", _CONNECTIONS))))


def _check_address(call: Call, url: str) -> None:
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not url.isprintable() or " " in url:
        raise Refused("parameter", reason="invalid webhook URL specified")
    if parts.scheme in ("http", "https") and host in ("127.0.0.1", "localhost", "::1"):
        return  # the simulator pushes to this machine only, over plain HTTP too
    if parts.scheme != "https":
        raise Refused("bad-webhook", reason="An HTTPS URL must be provided for webhook")
    ports, words = _PORTS[call.bot.flavour]
    if port not in ports:
        raise Refused("bad-webhook", reason=f"Webhook can be set up only on ports {words}")
    raise Refused("bad-webhook", reason="the simulator delivers to 127.0.0.1 only")


async def delete_webhook(call: Call) -> bool:
    """Back to getUpdates."""
    queue = call.exchange.queues[call.bot.config.token]
    if call.flag("drop_pending_updates"):
        queue.forget_all()
    queue.set_webhook(None)
    return True


async def get_webhook_info(call: Call) -> Json:
    """The webhook, what waits for it and how the last delivery failed."""
    queue = call.exchange.queues[call.bot.config.token]
    hook = queue.webhook
    out: Json = {"url": hook.url if hook else ""}
    if call.bot.flavour == "bale":
        return out
    out |= {"has_custom_certificate": False, "pending_update_count": len(queue)}
    if hook and hook.last_error:
        out |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error}
    if hook:
        out |= {"max_connections": hook.connections, "ip_address": "127.0.0.1"}
    if queue.allowed:
        out["allowed_updates"] = sorted(queue.allowed)
    return out


async def log_out(call: Call) -> bool:
    """Accepted; the simulator has nothing to leave."""
    return True
