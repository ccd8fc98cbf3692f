"""With real training: corrections make the guesses better, weekly and nightly; poison does little or nothing."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.requirements_of_tests import lacking

ROOT = Path(__file__).parents[2]
PYTHON = next(
    (path for path in (ROOT / ".venv-train/bin/python", ROOT / ".venv-train/Scripts/python.exe") if path.exists()), None
)


@pytest.mark.slow
def test_a_month_of_corrections_is_learnt_and_poison_is_not(tmp_path: Path) -> None:
    if PYTHON is None:
        lacking("no environment for training: make set-up-train builds it")
    command = [str(PYTHON), "-W", "ignore", "-m", "tests.nlp.month", str(tmp_path)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=True)
    seen = json.loads(told.stdout)
    outcomes = [report["outcome"] for report in seen["reports"]]
    assert outcomes[: seen["weeks"]].count("promoted") >= 2
    assert outcomes[seen["weeks"] :].count("promoted") >= 1, "ten labels a night are enough to go on"
    assert seen["accuracy"][-1] > seen["accuracy"][0]
    assert seen["accuracy_partly"] >= seen["accuracy"][-1] - 0.02, "three wrong labels of ten do little"
    assert seen["poison"]["outcome"] == "refused"
    assert seen["still_in_use"]
    assert not seen["poison_written"]
