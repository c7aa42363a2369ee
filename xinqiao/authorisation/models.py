"""The tables of authorisation; the log vouches for every row."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Mandate(models.Model):
    """办理资格: this person acts for this business, from a moment until the person leaves."""

    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=30)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person", "subject"),
                condition=models.Q(until__isnull=True),
                name="authorisation_mandate_once",
            ),
        )


class ShownText(models.Model):
    """A text somebody was shown before agreeing, kept to the letter under its SHA-256."""

    digest = models.CharField(primary_key=True, max_length=64)
    name = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    text = models.TextField()
    first_shown_at = models.DateTimeField()


class Grant(models.Model):
    """授权书: one business to one institution (个人信息保护法 §23), these items, this purpose, until this day."""

    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+", db_index=False)
    institution = models.ForeignKey("parties.Institution", on_delete=models.PROTECT, related_name="+")
    items = ArrayField(models.CharField(max_length=60))
    purpose = models.CharField(max_length=60)
    method = models.CharField(max_length=200)
    contact = models.CharField(max_length=200)  # the recipient's, as it was shown
    agreement = models.ForeignKey("parties.Agreement", on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey(ShownText, on_delete=models.PROTECT, related_name="+")
    statement = models.ForeignKey(ShownText, on_delete=models.PROTECT, related_name="+")
    translation = models.ForeignKey(
        ShownText, null=True, on_delete=models.PROTECT, related_name="+"
    )  # English, if shown
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    until = models.DateField()
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index(fields=("subject", "institution"), name="authorisation_grant_between"),)
