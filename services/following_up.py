"""What follows every deed, besides the news of it."""

from services import clocks, colleagues, desk_alarms, digests, followers, heard, merging, parts, relief, waiting
from services.sequels import Follow

FOLLOWS: tuple[Follow, ...] = (
    clocks.follow,
    waiting.follow,
    relief.follow,
    desk_alarms.follow,
    colleagues.tell,
    parts.follow,
    merging.follow,
    heard.follow,
    digests.follow,
    followers.follow,  # after mergers, which bring over who joined
)
"""Asked in this order after every deed; each decides by itself whether the deed concerns it."""
