"""The commands of `python -m nlp`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from nlp import evaluation
from nlp.subjects import SHIPPED

app = typer.Typer(add_completion=False, help="Train and measure the understanding of subjects.")

Subjects = Annotated[Path, typer.Option(help="A city's subjects.json: its titles and phrases are trained on too.")]
_SUBJECTS = Path("cities/mashhad/subjects.json")


@app.command()
def train(subjects: Subjects = _SUBJECTS, model: Path = SHIPPED) -> None:
    """Train on all hands and write the model; takes some minutes."""
    typer.echo(json.dumps(evaluation.train_all(subjects, model), ensure_ascii=False, indent=1))


@app.command()
def evaluate(subjects: Subjects = _SUBJECTS) -> None:
    """Leave each hand out in turn, then measure the shipped model on the blind letters."""
    for line in evaluation.report(subjects):
        typer.echo(line)
