"""The commands of `python -m nlp`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from nlp import learning, model_card, selection, training
from nlp.subjects import SHIPPED, SubjectModel

app = typer.Typer(add_completion=False, help="Train and measure the understanding of subjects.")

Subjects = Annotated[Path, typer.Option(help="A city's subjects.json: its titles and phrases are trained on too.")]
Card = Annotated[Path, typer.Option(help="Where the model card is written.")]
Labels = Annotated[Path, typer.Option(help="JSON lines {text, subject, corrected, at}.")]
Output = Annotated[Path, typer.Option(help="The new model's file, without its ending.")]
_SUBJECTS = Path("cities/mashhad/subjects.json")
_CARD = Path("docs/model_card.md")


@app.command()
def train(subjects: Subjects = _SUBJECTS, model: Path = SHIPPED, card: Card = _CARD) -> None:
    """Leave each hand out for the settings, train on all, write the model and its card; takes some minutes."""
    rows, phrases = selection.read_all(), training.read_phrases(subjects)
    held = selection.leave_each_out(rows, phrases)
    selection.save(selection.train(rows, phrases, held), held, model)
    shipped = SubjectModel.load(model)
    model_card.write(model_card.card(shipped, held), card)
    about = json.loads(model.with_suffix(".json").read_text(encoding="utf-8"))
    typer.echo(json.dumps({key: about[key] for key in ("version", "left_out")}, ensure_ascii=False, indent=1))


@app.command()
def evaluate(subjects: Subjects = _SUBJECTS, model: Path = SHIPPED, card: Card = _CARD) -> None:
    """Leave each hand out in turn, measure the shipped model on the blind letters, print and write the model card."""
    held = selection.leave_each_out(selection.read_all(), training.read_phrases(subjects))
    text = model_card.card(SubjectModel.load(model), held)
    model_card.write(text, card)
    typer.echo(text)


@app.command()
def learn(labels: Labels, output: Output, current: Path = SHIPPED, subjects: Subjects = _SUBJECTS) -> None:
    """Train with labels people gave; write the model only if nothing measured falls, and print a report as JSON."""
    hands = [row for rows in selection.read_all().values() for row in rows] + training.read_phrases(subjects)
    report = learning.learn(hands, learning.read_labels(labels, {row.subject for row in hands}), current, output)
    typer.echo(json.dumps(report, ensure_ascii=False))
