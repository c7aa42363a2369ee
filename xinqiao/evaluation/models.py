"""What is kept of evaluation: models as adopted, what was decided about them, and every grade ever given.

Models and grades only grow; the log covers all of them.
"""

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


class ModelLife(models.Model):
    """What operators decided about a version. None is ever deleted, and none is decided twice.

    `carried` is one that gave grades before two people were asked; it has no proposer.
    """

    model = models.OneToOneField(AdoptedModel, on_delete=models.PROTECT, primary_key=True, related_name="+")
    since = models.DateField()  # by the version's own words, as is `until`
    until = models.DateField(null=True)
    carried = models.BooleanField(default=False)
    because = models.TextField(default="")
    proposed_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    retired_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)
    retired_because = models.TextField(default="")

    class Meta:
        db_table = "evaluation_model_life"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(approved=True)
                | models.Q(carried=True)
                | models.Q(proposed_by__isnull=False, decided_by__isnull=False)
                & ~models.Q(decided_by=models.F("proposed_by")),
                name="evaluation_model_life_two_people",
            ),
        )


class Trial(models.Model):
    """A version run over the whole city without giving a grade: what it would do, or how it has been doing.

    `purpose` is one of `trials.Purpose`. `document` is what ran, word for word; `result` the JSON of what was counted,
    empty until it ended. Nobody's own result is kept: the words and the position give it again.
    """

    purpose = models.TextField()
    model = models.TextField()
    version = models.TextField()
    kind = models.TextField()
    document = models.TextField()
    document_sha256 = models.TextField()
    against = models.ForeignKey(AdoptedModel, null=True, on_delete=models.PROTECT, related_name="+")
    begun_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    position = models.BigIntegerField(null=True)
    on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.TextField(default="")

    class Meta:
        db_table = "evaluation_trial"
        indexes = (models.Index(fields=("document_sha256", "purpose", "-id"), name="evaluation_trial_of"),)


class Progress(models.Model):
    """How far a trial has come: a note for whoever waits, not covered by the log."""

    trial = models.OneToOneField(Trial, on_delete=models.PROTECT, primary_key=True, related_name="+")
    done = models.IntegerField(default=0)
    whole = models.IntegerField(default=0)

    class Meta:
        db_table = "evaluation_progress"


class Shadow(models.Model):
    """A version that is run every night beside the one in force, from one operator's word until it is ended."""

    model = models.ForeignKey(AdoptedModel, on_delete=models.PROTECT, related_name="+")
    begun_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    ended_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "evaluation_shadow"
        constraints = (
            models.UniqueConstraint(
                fields=("model",), condition=models.Q(ended_at=None), name="evaluation_shadow_once_at_a_time"
            ),
        )


class Override(models.Model):
    """What two operators say of one subject's grade for a time (人工调整), beside the model's and never for it."""

    subject_id = models.BigIntegerField(db_index=True)
    grade = models.TextField()
    title = models.TextField()
    reason = models.TextField()
    until = models.DateField()  # the last day it is shown
    proposed_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    withdrawn_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.TextField(default="")

    class Meta:
        db_table = "evaluation_override"
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(approved=True) | ~models.Q(decided_by=models.F("proposed_by")),
                name="evaluation_override_two_people",
            ),
        )


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


class RuleSet(models.Model):
    """预授信规则: one version of an institution's own rules, word for word; kept for good and nobody else's to read.

    Proposed by one of its officers, decided by another. Of a name the version approved last is in force.
    """

    institution = models.ForeignKey("parties.Institution", on_delete=models.PROTECT, related_name="+")
    rules = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    proposed_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "parties.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    retired_by = models.ForeignKey(
        "parties.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("institution", "rules", "version"), name="evaluation_ruleset_version"),
            models.CheckConstraint(
                condition=~models.Q(approved=True)
                | models.Q(decided_by__isnull=False) & ~models.Q(decided_by=models.F("proposed_by")),
                name="evaluation_ruleset_two_people",
            ),
        )
