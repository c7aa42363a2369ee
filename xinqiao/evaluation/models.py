"""What is kept of evaluation: models as adopted and every grade ever given. Both only grow; the log covers both."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class AdoptedModel(models.Model):
    """A version of a model as frozen: the rules, what they took from the catalogue, and the SQL that runs."""

    model = models.TextField()
    version = models.TextField()
    kind = models.TextField()
    document = models.TextField()  # JSON of `language.Bound`, canonical
    document_sha256 = models.TextField()
    sql = models.TextField()
    sql_sha256 = models.TextField()
    tables = models.TextField()  # JSON: the tables the SQL reads, their columns and types
    adopted_at = models.DateTimeField()

    class Meta:
        db_table = "evaluation_model"
        constraints = (models.UniqueConstraint(fields=("model", "version"), name="evaluation_model_version"),)


class Grade(models.Model):
    """One grade of one subject. A regrade is another row. Written by COPY; read by `results`.

    `event` and `ordinal` say which leaf of which chunk of the log speaks for the row.
    """

    subject_id = models.BigIntegerField()
    model = models.ForeignKey(AdoptedModel, on_delete=models.PROTECT, related_name="+", db_index=False)
    event = models.BigIntegerField()
    ordinal = models.IntegerField()
    on = models.DateField()
    position = models.BigIntegerField()
    state = models.SmallIntegerField()
    rank = models.SmallIntegerField()
    grade = models.TextField()
    score = models.IntegerField(null=True)  # none where no grade was given
    capped = models.IntegerField()  # the points held under the top of the grade; the score, where there is one
    points = models.IntegerField()  # base and indicators added up
    without_grade = models.TextField(null=True)  # noqa: DJ001 — null says nothing is disputed, "" would say nothing
    without_title = models.TextField(null=True)  # noqa: DJ001
    without_score = models.IntegerField(null=True)
    outcome = models.TextField()  # `outcomes.packed`
    given_at = models.DateTimeField()

    class Meta:
        db_table = "evaluation_grade"
        constraints = (models.UniqueConstraint(fields=("event", "ordinal"), name="evaluation_grade_leaf"),)
        indexes = (models.Index(fields=("subject_id", "-position", "-id"), name="evaluation_grade_latest"),)


class Snapshot(models.Model):
    """A snapshot of the city at a place in the log: where it lies, and the hash its manifest must have."""

    position = models.BigIntegerField()
    name = models.TextField(unique=True)
    manifest_sha256 = models.TextField()
    facts = models.BigIntegerField()
    subjects = models.BigIntegerField()
    cut_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "evaluation_snapshot"
        indexes = (models.Index(fields=("position",), name="evaluation_snapshot_at"),)


class RaisedSignal(models.Model):
    """A risk signal, once for the facts that raised it. Never changed, never deleted."""

    subject_id = models.BigIntegerField()
    signal = models.TextField()
    level = models.TextField()
    rules = models.ForeignKey(AdoptedModel, on_delete=models.PROTECT, related_name="+", db_index=False)
    on = models.DateField()
    position = models.BigIntegerField()  # up to which facts, or the grade that fell, were known
    counted = models.TextField()  # JSON: `outcomes.pack` of the measure; of a fall, both grades
    facts = ArrayField(models.BigIntegerField())
    grade_event = models.BigIntegerField(null=True)  # the act that gave the lower grade
    raised_at = models.DateTimeField()

    class Meta:
        db_table = "evaluation_signal"
        indexes = (models.Index(fields=("subject_id", "signal"), name="evaluation_signal_of"),)


class Waiting(models.Model):
    """A subject something happened to since its last grade. A note of work to do, not covered by the log: losing it
    costs nothing but time, since the whole city is graded every night."""

    subject_id = models.BigIntegerField(primary_key=True)
    since = models.BigIntegerField()  # the position of the event that moved it

    class Meta:
        db_table = "evaluation_waiting"
