"""The table of moves as a picture and a table for the documents; a test keeps docs/lifecycle.md equal to them."""

from domain.lifecycle import MOVES, REFERRALS_AT_MOST, Move


def mermaid() -> str:
    """Draw the states and the deeds that lead from one to the other, as a Mermaid diagram."""
    edges: dict[tuple[str, str], list[str]] = {}
    for move in MOVES:
        for start in sorted(move.since):
            end = move.to or start
            if end != start:
                edges.setdefault((start, end), []).append(move.deed)
    rows = [f"    {start} --> {end}: {', '.join(deeds)}" for (start, end), deeds in edges.items()]
    return "\n".join(["stateDiagram-v2", "    [*] --> waiting: file", "    [*] --> assigned: file", *rows])


def _row(move: Move) -> str:
    cells = (
        move.deed,
        ", ".join(sorted(move.by)),
        ", ".join(sorted(move.since)),
        move.to or "–",
        ", ".join(sorted(move.needs)) or "–",
        move.outcome or "–",
        move.verdict or "–",
    )
    return "| " + " | ".join(cells) + " |"


def table() -> str:
    """Write MOVES as a Markdown table, in their order."""
    head = "| deed | by | from | to | needs | outcome | verdict |\n|---|---|---|---|---|---|---|"
    return "\n".join([head, *(_row(move) for move in MOVES)])


def document() -> str:
    """Return the whole page docs/lifecycle.md."""
    return f"""# The life of a request

Made from `domain/lifecycle.py` by `python -m domain.diagram > docs/lifecycle.md`; a test compares the two.

A request has three fields: **state** (where it is), **outcome** (how it ended) and **verdict** (what the citizen
says). Buttons, refusals and the generated tests come from the same table as this page.

```mermaid
{mermaid()}
```

{table()}

- `photo` is asked for only where the subject demands a photo of the work at closing.
- `correct` puts the subject right and routes the request anew: where that leads to another unit it is `assigned` there.
- `release` keeps the state, but what was `in_hand` is `assigned` again, or `reopened` where somebody had objected.
  So is what comes back `in_hand` later while nobody has it.
- Referring or assigning to the desk leads to `waiting`.
- Units move a request to each other {REFERRALS_AT_MOST} times, by `refer` or by `correct`; then only the desk may.
- `uphold` is for what was answered and objected to before.
- An objection is taken for 14 days after closing; after 7 days without a word the verdict becomes `silent`.
"""


if __name__ == "__main__":
    print(document(), end="")  # noqa: T201
