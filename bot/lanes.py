"""The waiting updates of all chats, in memory: one lane per chat, every lane gets its turn.

The inbox table is the truth; this is what of it has been read so far. A turn costs the same whether a chat has one
update waiting or five thousand.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from storage.inbox import Waiting


@dataclass(slots=True)
class Lane:
    """One chat's updates, oldest first; `turn` tells whether it stands in the queue, is in hand, or rests."""

    name: str
    waiting: deque[Waiting] = field(default_factory=deque)
    turn: bool = False
    hiccups: int = 0  # failures of the database, in a row
    turned_away: int = 0  # times in a row that it was in another worker's hands
    seen: int = 0  # updates taken in since it was empty: after many, more of it may be held in the inbox
    adopted: bool = False  # another worker's, who leaves it waiting


class Lanes:
    """Hands out lanes in turn; a lane in hand is not handed out again until it is given back."""

    def __init__(self, wanted: Callable[[str], bool] = lambda _: True) -> None:
        """`wanted` says whether a lane is still ours; others are forgotten when their turn ends."""
        self._wanted = wanted
        self._lanes: dict[str, Lane] = {}
        self._queue: deque[Lane] = deque()
        self._known: set[int] = set()
        self._arrived = asyncio.Event()
        self._rests: set[asyncio.TimerHandle] = set()
        self._closed = False

    def __len__(self) -> int:
        return len(self._known)

    @property
    def standing(self) -> int:
        """How many lanes stand in the queue: so many turns come before that of one that is added."""
        return len(self._queue)

    def add(self, rows: Iterable[Waiting]) -> None:
        """Append updates to their lanes, oldest first; known ones are left out."""
        for row in rows:
            if row.id in self._known:
                continue
            self._known.add(row.id)
            lane = self._lanes.get(row.lane) or self._lanes.setdefault(row.lane, Lane(row.lane))
            lane.waiting.append(row)
            lane.seen += 1
            self._stand(lane)

    def get(self, name: str) -> Lane | None:
        """Return a lane in which something waits or is in hand."""
        return self._lanes.get(name)

    def knows(self, row: int) -> bool:
        """Say whether an update waits here."""
        return row in self._known

    def refresh(self, lane: Lane, rows: Sequence[Waiting], instead_of: Collection[int]) -> None:
        """Put what really waits, oldest first, into a lane in hand instead of what was known before that was read."""
        real = {row.id for row in rows}
        newer = [row for row in lane.waiting if row.id not in instead_of and row.id not in real]
        self._known.difference_update(instead_of)
        lane.waiting = deque([*rows, *newer])
        self._known.update(real)

    def adopt(self, name: str, rows: Iterable[Waiting]) -> None:
        """Take in a lane that is another worker's."""
        if name not in self._lanes:
            self.add(rows)
            if (lane := self._lanes.get(name)) is not None:
                lane.adopted = True

    def forget_unwanted(self) -> None:
        """Drop the lanes that are no longer ours and not in hand; those go when their turn ends."""
        standing, self._queue = self._queue, deque()
        for lane in standing:
            if lane.adopted or self._wanted(lane.name):
                self._queue.append(lane)
            else:
                self._forget(lane)

    async def take(self, most: int) -> list[Lane]:
        """Wait for lanes whose turn it is and take up to `most`; none when closed."""
        while not self._queue and not self._closed:
            self._arrived.clear()
            await self._arrived.wait()
        if self._closed:
            return []
        return [self._queue.popleft() for _ in range(min(most, len(self._queue)))]

    def finished(self, lane: Lane) -> None:
        """Forget the update at the head of a lane in hand."""
        self._known.discard(lane.waiting.popleft().id)
        lane.hiccups = lane.turned_away = 0

    def give_back(self, lane: Lane, after: float = 0.0) -> None:
        """End a lane's turn; its next one comes when all others have had theirs, not before `after` seconds."""
        if after > 0:
            self._rest(lane, after)
            return
        lane.turn = False
        if lane.waiting and not lane.adopted and not self._wanted(lane.name):
            self._forget(lane)
        elif lane.waiting:
            self._stand(lane)
        else:
            self._lanes.pop(lane.name, None)

    def close(self) -> None:
        """Let everybody who waits in `take` go."""
        self._closed = True
        self._arrived.set()
        for rest in self._rests:
            rest.cancel()

    def _forget(self, lane: Lane) -> None:
        self._known.difference_update(row.id for row in lane.waiting)
        self._lanes.pop(lane.name, None)

    def _stand(self, lane: Lane) -> None:
        if not lane.turn:
            lane.turn = True
            self._queue.append(lane)
            self._arrived.set()

    def _rest(self, lane: Lane, seconds: float) -> None:
        def wake() -> None:
            self._rests.discard(handle)
            self.give_back(lane)

        handle = asyncio.get_running_loop().call_later(seconds, wake)
        self._rests.add(handle)
