"""Subjects and their names. Written in bulk by COPY (`registration`), changed one by one."""

from django.db import models


class Subject(models.Model):
    """A business the platform knows. `event` and `ordinal` say where its first state stands in the log."""

    city = models.TextField()
    uscc = models.TextField(unique=True)
    kind = models.TextField()
    name = models.TextField()
    division = models.TextField()
    industry = models.TextField()
    established = models.DateField(null=True)
    status = models.TextField()
    event = models.BigIntegerField()
    ordinal = models.IntegerField()


class Name(models.Model):
    """A name a subject bears or has borne; the registered one is `current`. `grams` (by the database) is for search."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    event = models.BigIntegerField()
    ordinal = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "name"], name="subjects_name_once")]
