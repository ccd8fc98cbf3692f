"""The page about the life of a request says what the table says."""

from pathlib import Path

from domain import diagram

PAGE = Path(__file__).parents[2] / "docs" / "lifecycle.md"


def test_the_page_is_made_from_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == diagram.document(), "python -m domain.diagram > docs/lifecycle.md"
