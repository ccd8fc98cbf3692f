"""`python -m nlp`: train and evaluate the subject model."""

from nlp.command import app

app()
