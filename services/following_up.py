"""What follows every deed, besides the news of it."""

from services import colleagues
from services.sequels import Follow

FOLLOWS: tuple[Follow, ...] = (colleagues.tell,)
"""Asked in this order after every deed; each decides by itself whether the deed concerns it."""
