"""Tells those who work on a queue that there is something new in it, here and, through PostgreSQL, in other processes.

A word that gets lost costs time and nothing else: everybody also looks by themselves, every few seconds.
"""

import asyncio
from collections.abc import Callable
from enum import StrEnum


class Queue(StrEnum):
    """The queues that somebody waits for; timers are not among them, their time comes without anybody's word."""

    INBOX = "inbox"
    OUTBOX = "outbox"
    MEDIA = "media"
    LEASES = "leases"  # one was let go


class Bell:
    """Rung after a commit; who waits for a queue is called at once, or a moment later where news comes in crowds."""

    def __init__(self) -> None:
        self.others = False  # whether other processes are there to be told
        self.untold: set[Queue] = set()
        self.rung = asyncio.Event()  # there is something to tell others
        self._waiting: dict[Queue, list[Callable[[], None]]] = {queue: [] for queue in Queue}

    def call(self, queue: Queue, who: Callable[[], None]) -> None:
        """Call `who` whenever there is something new in the queue."""
        self._waiting[queue].append(who)

    def ring(self, *queues: Queue) -> None:
        """Say that something new is committed."""
        for queue in queues:
            self._call(queue)
        if self.others:
            self.untold.update(queues)
            self.rung.set()

    def heard(self, words: str) -> None:
        """Pass on what another process tells: names of queues with commas between them; others are left out."""
        for word in words.split(","):
            if word in Queue:
                self._call(Queue(word))

    def heard_everything(self) -> None:
        """Let everybody look: something may have been told while nobody listened."""
        for queue in Queue:
            self._call(queue)

    def take_untold(self) -> str:
        """Return what others are to be told, and forget it."""
        words = ",".join(sorted(self.untold))
        self.untold.clear()
        self.rung.clear()
        return words

    def _call(self, queue: Queue) -> None:
        for who in self._waiting[queue]:
            who()
