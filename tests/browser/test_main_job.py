"""The demo in a real browser: a person types, uploads, points and presses; nothing else moves it."""

from pathlib import Path

import pytest

from tests.browser import main_job
from tests.browser.demonstrating import demo, opened

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("demo")]


def test_the_main_job_is_played_on_the_page(tmp_path: Path) -> None:
    with demo(tmp_path) as address, opened(address, 1800, 900) as (page, watch):
        main_job.Telegram(page).play()
        main_job.on_bale(page)
        assert watch.complaints == []
