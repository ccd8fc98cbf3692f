"""Runs calls that block without blocking the end of the bot."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress


def _settle[T](outcome: asyncio.Future[T], result: T | None, error: BaseException | None) -> None:
    if outcome.done():  # nobody waits any more
        return
    if error is not None:
        outcome.set_exception(error)
    else:
        outcome.set_result(result)  # type: ignore[arg-type]


async def in_thread[**P, T](call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a call in a thread of its own and return what it returns.

    Unlike asyncio.to_thread it does not hold up the end of the process: a store that hangs may be waited for a minute.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def run() -> None:
        result, error = None, None
        try:
            result = call(*args, **kwargs)
        except BaseException as raised:
            error = raised
        with suppress(RuntimeError):  # the loop is closed: the bot has ended
            loop.call_soon_threadsafe(_settle, outcome, result, error)

    threading.Thread(target=run, name="blocking call", daemon=True).start()
    return await outcome
