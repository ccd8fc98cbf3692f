"""What a timer's kind stands for: a function that is rung in a transaction of its own when the time has come."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from services.centre import Centre
from storage.database import Transaction

Ring = Callable[[Transaction, Centre, dict[str, Any], datetime], Awaitable[None]]
"""Does what was due, with the data that the timer was set with."""
