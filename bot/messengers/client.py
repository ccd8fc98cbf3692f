"""The one way to a messenger: raw updates in, neutral messages out."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import telegram

from bot.messengers import keyboards, normalise, parts, render
from bot.messengers.failures import CallFailed, Failure
from bot.messengers.parts import Part
from bot.messengers.record import Messenger
from bot.messengers.transport import Transport
from bot.threads import in_thread
from domain.messages import Message
from domain.richtext import clipped
from storage.media import MediaFile

__all__ = ["Client", "MediaFile", "Progress", "Sent"]

_log = logging.getLogger(__name__)

HANDLED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
MAX_TOAST = 200
_POLL_GRACE = 10.0  # seconds beyond the long poll's own time before the connection counts as dead
_SENDERS = {"photo": "send_photo", "video": "send_video", "voice": "send_voice", "audio": "send_audio"}
_ALBUM_ITEMS: dict[str, Callable[..., Any]] = {
    "photo": telegram.InputMediaPhoto,
    "video": telegram.InputMediaVideo,
}

_NOT_THE_FILE = frozenset({Failure.RATE, Failure.CONFLICT, Failure.MIGRATED, Failure.BAD_MARKUP})


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: the number to edit later, whether the text is a caption, and file_ids learned, by media id."""

    message_id: int
    has_caption: bool = False
    file_ids: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Progress:
    """How far a message of several calls has come, whatever interrupts it: calls that went well, file_ids learned."""

    parts_sent: int = 0
    file_ids: dict[int, str] = field(default_factory=dict)  # by media id


class _Bot(telegram.Bot):
    """PTB's Bot, but its repr does not print the token."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Bot()"


def _file_id(message: telegram.Message) -> str:
    """Return how the messenger calls the file in an answer; of a picture the largest size."""
    attached: Any = message.effective_attachment
    largest = attached[-1] if isinstance(attached, Sequence) and attached else attached
    return getattr(largest, "file_id", "")


async def _argument(file: MediaFile, opened: ExitStack, *, attach: bool) -> str | telegram.InputFile:
    """Name a file the messenger knows, or open ours to be streamed; raises CallFailed when it is nowhere."""
    if file.file_id:
        return file.file_id
    if file.stored is None:
        raise CallFailed(Failure.BAD_FILE, "the file is not stored")
    try:
        handle = opened.enter_context(await in_thread(file.stored.open, "rb"))
    except FileNotFoundError:
        raise CallFailed(Failure.BAD_FILE, "the stored file is not there") from None
    except OSError:
        raise CallFailed(Failure.STORE, "the store of files is away") from None
    return telegram.InputFile(handle, filename=file.stored.name, attach=attach, read_file_handle=False)


def _may_be_the_file_id(failed: CallFailed) -> bool:
    """Say whether an upload may do better than a file_id: each messenger has its own words for one it has forgotten."""
    refused = failed.status is not None and 400 <= failed.status < 500
    return failed.kind is Failure.BAD_FILE or (refused and failed.kind not in _NOT_THE_FILE)


class Client:
    """One bot on one messenger; every method but `parse` and `answer_callback` raises CallFailed."""

    def __init__(self, messenger: Messenger, token: str, api: str, *, proxy: str | None = None) -> None:
        """`api` is the server's address; `proxy` is an http:// address. Raises ValueError for another kind."""
        # PTB writes addresses with the token, and people's words, to its debug log.
        logging.getLogger("telegram").setLevel(logging.WARNING)
        self.messenger = messenger
        self.fence: Callable[[], None] = lambda: None  # raises when this process may no longer say anything
        self._api = api.rstrip("/")
        self._token = token
        fills = messenger.leaves_fields_out
        self._transport = Transport(token, leaves_fields_out=fills, json_bodies=messenger.json_bodies, proxy=proxy)
        self.bot: telegram.Bot = _Bot(
            token,
            base_url=f"{self._api}/bot",
            base_file_url=f"{self._api}/file/bot",
            request=self._transport,
            get_updates_request=self._transport,
        )

    def __repr__(self) -> str:
        """Show the messenger and no token."""
        return f"Client({self.messenger.name})"

    async def open(self) -> None:
        """Make ready; nothing is sent yet, so it works while the messenger is away."""
        await self._transport.initialize()

    async def close(self) -> None:
        """Close the connections; calls under way fail."""
        await self._transport.shutdown()

    def _method(self, name: str) -> str:
        return f"{self._api}/bot{self._token}/{name}"

    # --- receiving ----------------------------------------------------------------------------------------------

    async def updates(self, offset: int | None, timeout: float, limit: int = 100) -> list[Any]:  # noqa: ASYNC109
        """Wait up to `timeout` seconds for updates from `offset` on; raw, in the messenger's order."""
        parameters = {"timeout": int(timeout), "limit": limit, **self._allowed()}
        if offset is not None:  # 0 is a real number
            parameters["offset"] = offset
        result = await self._transport.call(self._method("getUpdates"), parameters, timeout + _POLL_GRACE)
        if not isinstance(result, list):
            raise CallFailed(Failure.SERVER, "updates that are no list")
        return result

    def _allowed(self) -> dict[str, Any]:
        return {"allowed_updates": HANDLED_UPDATES} if self.messenger.has_allowed_updates else {}

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates delivered to an address, those that wait included; `secret` where the messenger sends one."""
        parameters: dict[str, Any] = {"url": url, **self._allowed()}
        if self.messenger.webhook_header:
            parameters["secret_token"] = secret
        if self.messenger.webhook_connections is not None:
            parameters["max_connections"] = self.messenger.webhook_connections
        await self._transport.call(self._method("setWebhook"), parameters)

    async def webhook(self) -> dict[str, Any]:
        """Return what the messenger tells of the webhook; `url` is empty without one, Bale tells nothing else."""
        result = await self._transport.call(self._method("getWebhookInfo"), {})
        if not isinstance(result, dict):
            raise CallFailed(Failure.SERVER, "a webhook that is no object")
        return result

    async def delete_webhook(self) -> None:
        """Take away a webhook, which would forbid polling; updates that wait are kept."""
        await self.bot.delete_webhook()

    async def me(self) -> tuple[int, str]:
        """Return the bot's id and username."""
        user = await self.bot.get_me()
        return user.id, user.username or ""

    async def set_commands(self, commands: Mapping[str, str]) -> None:
        """Show these commands, with a description each, in the messenger's menu."""
        await self.bot.set_my_commands([telegram.BotCommand(name, words) for name, words in commands.items()])

    def parse(self, raw: dict[str, Any]) -> telegram.Update:
        """Read one raw update, with fields filled in that the messenger leaves out; raises ValueError."""
        try:
            clean = normalise.scrubbed(raw)
            update = telegram.Update.de_json(
                normalise.update(clean) if self.messenger.leaves_fields_out else clean, self.bot
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as problem:
            raise ValueError(f"unreadable update: {type(problem).__name__}: {problem}") from problem
        return update

    # --- sending ------------------------------------------------------------------------------------------------

    async def send(
        self,
        chat_id: int,
        message: Message,
        media: Mapping[int, MediaFile] | None = None,
        so_far: Progress | None = None,
    ) -> Sent:
        """Say `message`, without the parts that went well in an earlier try; `so_far` is kept up with each call."""
        plan = parts.of(message, media or {}, self.messenger)
        so_far = so_far or Progress()
        message_id = 0
        for number in range(min(so_far.parts_sent, len(plan) - 1), len(plan)):
            message_id = await self._say(chat_id, plan[number], message.silent, so_far.file_ids)
            so_far.parts_sent = number + 1
        last = plan[-1]
        return Sent(message_id, has_caption=len(last.files) == 1, file_ids=so_far.file_ids)

    async def _say(self, chat_id: int, part: Part, silent: bool, learned: dict[int, str]) -> int:
        """Make one call; a reply to a message that is gone, or a file_id no longer known, is tried another way."""
        try:
            return await self._call(chat_id, part, silent, learned)
        except CallFailed as failed:
            if failed.kind is Failure.GONE and part.reply_to is not None:
                return await self._call(chat_id, replace(part, reply_to=None), silent, learned)
            stored = tuple(replace(file, file_id=None) if file.stored else file for file in part.files)
            if stored != part.files and _may_be_the_file_id(failed):
                return await self._call(chat_id, replace(part, files=stored), silent, learned)
            raise

    async def _call(self, chat_id: int, part: Part, silent: bool, learned: dict[int, str]) -> int:
        self.fence()
        options = self._options(part, silent)
        if part.is_album:
            return await self._send_album(chat_id, part, options, learned)
        if part.markup is not None:
            options["reply_markup"] = part.markup
        if part.files:
            return await self._send_file(chat_id, part, options, learned)
        if part.pin:
            where = {"latitude": part.pin.lat, "longitude": part.pin.lon}
            return await self._send_plain("sendLocation", {"chat_id": chat_id, **where, **options})
        return await self._send_plain("sendMessage", {"chat_id": chat_id, **self._text(part.text), **options})

    def _marks(self) -> dict[str, Any]:
        return {"parse_mode": self.messenger.parse_mode} if self.messenger.parse_mode else {}

    def _caption(self, text: str | None) -> dict[str, Any]:
        return {"caption": text, **self._marks()} if text else {}

    def _text(self, text: str) -> dict[str, Any]:
        previews = {"link_preview_options": {"is_disabled": True}} if self.messenger.link_previews else {}
        return {"text": text, **self._marks(), **previews}

    async def _send_plain(self, method: str, parameters: dict[str, Any]) -> int:
        """Call without PTB's Bot: building and reading its objects costs as much as the call itself."""
        return normalise.message_number(await self._transport.call(self._method(method), parameters))

    def _options(self, part: Part, silent: bool) -> dict[str, Any]:
        options: dict[str, Any] = {}
        if silent and self.messenger.silent_sending:
            options["disable_notification"] = True
        if part.reply_to is not None and self.messenger.reply_parameters:
            options["reply_parameters"] = {"message_id": part.reply_to, "allow_sending_without_reply": True}
        elif part.reply_to is not None:
            options["reply_to_message_id"] = part.reply_to
        return options

    async def _send_file(self, chat_id: int, part: Part, options: dict[str, Any], learned: dict[int, str]) -> int:
        file = part.files[0]
        captioned = self._caption(part.text)
        send = getattr(self.bot, _SENDERS.get(file.kind, "send_document"))
        with ExitStack() as opened:
            argument = await _argument(file, opened, attach=False)
            sent: telegram.Message = await send(chat_id, argument, api_kwargs=options, **captioned)
        self._learn([file], [sent], learned)
        return sent.message_id

    async def _send_album(self, chat_id: int, part: Part, options: dict[str, Any], learned: dict[int, str]) -> int:
        with ExitStack() as opened:
            items: list[Any] = [
                _ALBUM_ITEMS.get(file.kind, telegram.InputMediaDocument)(
                    media=await _argument(file, opened, attach=True), **self._caption(part.captions.get(file.media_id))
                )
                for file in part.files
            ]
            sent = await self.bot.send_media_group(chat_id, items, api_kwargs=options)
        self._learn(part.files, sent, learned)
        return sent[-1].message_id if sent else 0

    @staticmethod
    def _learn(files: Sequence[MediaFile], sent: Sequence[telegram.Message], learned: dict[int, str]) -> None:
        for file, message in zip(files, sent, strict=False):
            if not file.file_id and (file_id := _file_id(message)):
                learned[file.media_id] = file_id

    # --- afterwards ---------------------------------------------------------------------------------------------

    async def edit(self, chat_id: int, message_id: int, has_caption: bool, message: Message) -> None:
        """Change text (or caption) and buttons of an earlier message; without a text only the buttons."""
        self.fence()
        # Without buttons an empty keyboard: what an edit without one does is undocumented in Bale.
        where = {"chat_id": chat_id, "message_id": message_id, "reply_markup": keyboards.inline(message.buttons)}
        if not message.text:
            await self._edit("editMessageReplyMarkup", where)
        elif has_caption:
            caption = render.clipped(message.text, self.messenger, self.messenger.caption_limit)
            await self._edit("editMessageCaption", where | {"caption": caption} | self._marks())
        else:
            text = render.clipped(message.text, self.messenger, self.messenger.text_limit)
            await self._edit("editMessageText", where | self._text(text))

    async def _edit(self, method: str, parameters: dict[str, Any]) -> None:
        await self._transport.call(self._method(method), parameters)

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Take a message back."""
        self.fence()
        await self._transport.call(self._method("deleteMessage"), {"chat_id": chat_id, "message_id": message_id})

    async def answer_callback(self, query_id: str, text: str = "", alert: bool = False) -> None:
        """Stop the button's spinner, with up to 200 characters to show; never raises."""
        shown: dict[str, Any] = {"text": clipped(text, MAX_TOAST)} if text else {}
        alerts: dict[str, Any] = {"show_alert": True} if alert else {}
        with suppress(CallFailed):  # too old, unsupported, no network: there is nothing to be done about it
            method = self._method("answerCallbackQuery")
            await self._transport.call(method, {"callback_query_id": query_id, **shown, **alerts})

    async def download(self, file_id: str, limit_bytes: int) -> bytes:
        """Fetch a file; TOO_LONG beyond the limit, BAD_FILE or GONE when the messenger no longer has it."""
        known = await self._transport.call(self._method("getFile"), {"file_id": file_id})
        path = known.get("file_path") if isinstance(known, dict) else None
        if not isinstance(path, str) or not path:
            raise CallFailed(Failure.GONE, "the messenger names no place for the file")
        folder = f"{self._api}/file/bot{self._token}/"
        return await self._transport.fetch(folder + path.removeprefix(folder), limit_bytes)
