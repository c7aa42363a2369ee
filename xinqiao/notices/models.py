"""The tables of notices. The log vouches for where news is sent; the news itself is composed from the log."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Feed(models.Model):
    """How far an institution's feed has been numbered; the numbers of its own events have no gaps."""

    institution = models.OneToOneField(
        "parties.Institution", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    last = models.BigIntegerField()


class Notice(models.Model):
    """One event of an institution's feed. `seal` is keyed: a row written behind our back is not told."""

    institution = models.ForeignKey("parties.Institution", on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.BigIntegerField()
    news = models.CharField(max_length=40)
    subject = models.CharField(max_length=60)
    about = models.TextField()  # canonical JSON
    position = models.BigIntegerField()  # of what it tells, in the log
    ordinal = models.IntegerField()  # among what one act tells one institution
    at = models.DateTimeField()
    seal = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("institution", "number"), name="notices_notice_number"),
            models.UniqueConstraint(fields=("institution", "position", "ordinal"), name="notices_notice_once"),
        )
        indexes = (models.Index(fields=("at",), name="notices_notice_at"),)


class Webhook(models.Model):
    """Where an institution's program wants to be called. Both secrets are sealed; the one before is signed with too,
    until `before_until`."""

    institution = models.ForeignKey("parties.Institution", on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey("parties.Client", null=True, on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=500)
    news = ArrayField(models.CharField(max_length=40))  # none: all
    secret = models.BinaryField()
    before = models.BinaryField(null=True)
    before_until = models.DateTimeField(null=True)
    registered_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)


class Sending(models.Model):
    """A piece of news on its way to a webhook: how often it was tried, when next (null: done or given up)."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.BigIntegerField()  # of the event in the institution's feed
    calls = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("webhook", "number"), name="notices_sending_once"),)
        indexes = (
            models.Index(
                fields=("webhook", "next_at"), condition=models.Q(next_at__isnull=False), name="notices_sending_due"
            ),
        )


class Health(models.Model):
    """Since when every call to a webhook has failed."""

    webhook = models.OneToOneField(Webhook, primary_key=True, on_delete=models.CASCADE, related_name="+")
    failing_since = models.DateTimeField(null=True)


class Call(models.Model):
    """One call to a webhook, for whoever looks why nothing arrives: `status` as it answered, or why it could not be."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)
    status = models.IntegerField(null=True)
    fault = models.CharField(max_length=30, default="")
    millis = models.IntegerField()

    class Meta:
        indexes = (models.Index(fields=("webhook", "-id"), name="notices_call_of"),)
