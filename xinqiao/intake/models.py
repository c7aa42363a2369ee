"""The tables of intake. The log vouches for all but `Progress` and `PlacingDue`, which only guide our own steps."""

from typing import Final

from django.db import models
from django.db.models import F, Q

from xinqiao.intake.rules.states import State

PURPOSE: Final = "intake-finding"  # what the values of findings are sealed for


class Delivery(models.Model):
    """报送批次: one file a source sent for one item and period, and what became of its rows.

    `outputs` names the copies made of it: kind → list of [digest in `store`, rows], null once erased. Rows placed later
    are counted by `Placement`; the counts here are those of the judgement (or of the release) and always add up.
    """

    source = models.CharField(max_length=60)
    item = models.CharField(max_length=60)
    period = models.CharField(max_length=10)
    mode = models.CharField(max_length=10)
    filename = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    received_at = models.DateTimeField()
    received_on = models.DateField()  # the day of delivery, Asia/Shanghai
    received_by = models.BigIntegerField(null=True)  # a person; none: by command
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=State.RECEIVED.value)
    judged_at = models.DateTimeField(null=True)
    taken_up_event = models.BigIntegerField(null=True)  # of the act that put its rows in force
    settled_at = models.DateTimeField(null=True)  # judged, or released, withdrawn or replaced since
    settled_by = models.BigIntegerField(null=True)
    because = models.TextField(blank=True)  # why it was released or withdrawn
    catalogue = models.CharField(max_length=64, blank=True)  # digest of the city's files that judged it
    encoding = models.CharField(max_length=20, blank=True)
    header = models.JSONField(default=list)
    delivered = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    unplaced = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)  # of the rejected: those the law forbids to take in
    findings = models.BigIntegerField(default=0)
    reasons = models.JSONField(default=list)  # what was found how often: field, rule, saying, kept, rows, first line
    told = models.TextField(blank=True)  # why the whole file is held or returned
    told_kept = models.TextField(blank=True)  # and how that was made (`Saying.kept`)
    outputs = models.JSONField(default=dict)
    raw_erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(delivered=F("accepted") + F("rejected") + F("held") + F("unplaced")),
                name="intake_delivery_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(accepted__gte=0, rejected__gte=0, held__gte=0, unplaced__gte=0, refused__gte=0),
                name="intake_delivery_counts",
            ),
            models.UniqueConstraint(
                fields=("source", "item", "period", "digest"),
                condition=~Q(state=State.REPLACED.value),
                name="intake_delivery_once",
            ),
        )
        indexes = (
            models.Index(fields=("source", "item", "period"), name="intake_delivery_key"),
            models.Index(fields=("source", "item", "-id"), name="intake_delivery_newest"),
        )


class Finding(models.Model):
    """One reason, kept for pages: the first of a delivery; the copies in `store` hold them all. `value` is sealed."""

    pk = models.CompositePrimaryKey("event", "ordinal")  # the leaf that speaks for the row
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="+")
    line = models.BigIntegerField(null=True)  # none: on the file itself
    field = models.TextField()
    rule = models.TextField()
    value = models.BinaryField(null=True)
    saying = models.TextField()  # as it was told
    kept = models.TextField(blank=True)  # how it was made, so that it can be said in another language
    rejects = models.BooleanField()
    event = models.BigIntegerField()
    ordinal = models.IntegerField()


class Unplaced(models.Model):
    """A good row whose subject is not known yet. Its values are in the delivery's copies."""

    pk = models.CompositePrimaryKey("event", "ordinal")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.BigIntegerField()
    uscc = models.CharField(max_length=18, db_index=True)
    event = models.BigIntegerField()
    ordinal = models.IntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("delivery", "line"), name="intake_unplaced_once"),)


class Placement(models.Model):
    """An unplaced row that found its subject."""

    pk = models.CompositePrimaryKey("event", "ordinal")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.BigIntegerField()
    subject_id = models.BigIntegerField()
    event = models.BigIntegerField()
    ordinal = models.IntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("delivery", "line"), name="intake_placement_once"),)


class Acceptance(models.Model):
    """受理回执: what was signed for one event about a delivery. `body` is the signed text to the letter."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="+")
    event = models.BigIntegerField(unique=True)
    body = models.TextField()
    signature = models.BinaryField()


class KeySet(models.Model):
    """What the last full delivery of a source's item listed, within one scope (属期、批次; empty: all), as hashes."""

    source = models.CharField(max_length=60)
    item = models.CharField(max_length=60)
    scope = models.CharField(max_length=200, blank=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="+")
    count = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("source", "item", "scope"), name="intake_keyset_current"),)


class Progress(models.Model):
    """How far the reading of a delivery has come, in lines of its text."""

    delivery = models.OneToOneField(Delivery, primary_key=True, on_delete=models.CASCADE, related_name="+")
    done = models.BigIntegerField()
    total = models.BigIntegerField()
    at = models.DateTimeField()


class PlacingDue(models.Model):
    """One row while the log has told of something that may let waiting rows be placed."""

    id = models.SmallIntegerField(primary_key=True, default=1)
