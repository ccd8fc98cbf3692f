"""A refusal carries its reason; the words for it live in texts/."""


class Refused(Exception):
    """Something may not be done; `reason` is the key of the sentence that tells the person why."""

    def __init__(self, reason: str, **details: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details
