"""What is said about facts, row by row. The facts themselves are plain SQL (migrations/0001_the_file.py)."""

from django.db import models


class Standing(models.Model):
    """A change of standing. The newest row of a fact counts; a fact without one is good. Rows are only added.

    `event` and `ordinal` say which leaf of which event answers for the row: terms run out by the thousand.
    """

    fact = models.BigIntegerField()
    standing = models.TextField()
    because = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()
    event = models.BigIntegerField()
    ordinal = models.IntegerField()

    class Meta:
        indexes = (models.Index(fields=["fact", "id"], name="creditfile_standing_newest"),)
        constraints = (models.UniqueConstraint(fields=("event", "ordinal"), name="creditfile_standing_event"),)


class Annotation(models.Model):
    """What somebody entitled to it wrote beside a fact. Rows are only added."""

    fact = models.BigIntegerField(db_index=True)
    kind = models.TextField()
    text = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()
    event = models.BigIntegerField()  # known from its place in the log
