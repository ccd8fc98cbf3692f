"""What the measuring process and the contestants agree on; imports nothing, as peers live in their own environment."""

TOKEN = "137:a-bench-token-of-no-bot-at-all-0000"  # noqa: S105 - the simulator's
STOCK, AIOGRAM, ECHO, PRODUCT = "python-telegram-bot echo", "aiogram echo", "our echo", "our product"
UNHURRIED = (10_000, 10_000, 10_000, 600_000)
"""Rates that hold nothing back: per second, per chat and second, burst of a chat, per group and minute."""
