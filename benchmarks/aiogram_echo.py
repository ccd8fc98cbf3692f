"""aiogram's echo, as its documentation starts it: .venv-peers/bin/python -m benchmarks.aiogram_echo NAME URL ..."""

import asyncio
import sys

from benchmarks.names import TOKEN


async def _run(url: str) -> None:
    from aiogram import Bot, Dispatcher  # type: ignore[import-not-found]  # noqa: PLC0415 - of another environment
    from aiogram.client.session.aiohttp import AiohttpSession  # type: ignore[import-not-found]  # noqa: PLC0415
    from aiogram.client.telegram import TelegramAPIServer  # type: ignore[import-not-found]  # noqa: PLC0415

    async def echo(message) -> None:  # type: ignore[no-untyped-def]
        if message.text:
            await message.answer(message.text)

    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    async with AiohttpSession(api=TelegramAPIServer.from_base(url)) as session:
        await dispatcher.start_polling(Bot(TOKEN, session=session), polling_timeout=10, handle_signals=False)


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[2]))
