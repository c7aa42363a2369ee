"""What is said about facts, row by row. The facts themselves are plain SQL (migrations/0001_the_file.py)."""

from django.db import models


class Standing(models.Model):
    """A change of standing. The newest row of a fact counts; a fact without one is good. Rows are only added."""

    fact = models.BigIntegerField(db_index=True)
    standing = models.TextField()
    because = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()


class Annotation(models.Model):
    """What somebody entitled to it wrote beside a fact. Rows are only added."""

    fact = models.BigIntegerField(db_index=True)
    kind = models.TextField()
    text = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()
