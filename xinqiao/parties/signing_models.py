"""The tables of what is signed on line. `models` names them with the others, and only from there are they taken."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Draft(models.Model):
    """协议草稿, one edition of it: exactly what both sides would sign. A change is a new row that follows this one."""

    institution = models.ForeignKey("parties.Institution", on_delete=models.PROTECT, related_name="+")
    follows = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    wording = models.TextField()  # the whole text, filled in
    english = models.TextField()  # shown beside it
    items = ArrayField(models.CharField(max_length=60))
    purposes = ArrayField(models.CharField(max_length=60))
    since = models.DateField()
    until = models.DateField()
    feedback = models.BooleanField(default=False)
    signatory = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    drafted_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="parties_draft_term"),
        )


class Signature(models.Model):
    """One side's signature under one edition, and how its hand showed who she is. Never changed, never taken away."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=20)
    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=20)  # of `Method`, shown within the minutes before
    factor = models.BigIntegerField(null=True)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("draft", "side"), name="parties_signature_side"),
            models.UniqueConstraint(fields=("draft", "person"), name="parties_signature_two_people"),
        )


class SignedAgreement(models.Model):
    """签好的协议: what `xinqiao verify` checks: text, scope and both signatures, signed by the platform's key."""

    draft = models.OneToOneField(Draft, on_delete=models.PROTECT, related_name="+")
    agreement = models.OneToOneField("parties.Agreement", on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    signature = models.BinaryField()
    event = models.BigIntegerField()


class Ending(models.Model):
    """终止: which side ended an agreement on line, why, and its last day."""

    agreement = models.OneToOneField("parties.Agreement", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=20)
    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=20)  # of `Ground`
    because = models.CharField(max_length=200)
    last_day = models.DateField(null=True)  # None: at once
    ended_at = models.DateTimeField()


class Letter(models.Model):
    """承诺书、责任书: signed by one side, by one person for an organisation, each version once."""

    text = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    wording = models.TextField()
    organisation = models.CharField(max_length=60)  # an institution's id, or a source's name
    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    body = models.TextField()
    signature = models.BinaryField()
    event = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("text", "version", "organisation", "person"), name="parties_letter_once"),
        )


class Application(models.Model):
    """入驻申请: an organisation asks to be let in. `mark` is keyed, of the code by which it follows its application."""

    mark = models.BinaryField()
    name = models.CharField(max_length=200)
    uscc = models.CharField(max_length=18)
    kind = models.CharField(max_length=20)
    licence = models.CharField(max_length=60, default="")  # 金融许可证
    contact = models.CharField(max_length=200)
    county = models.CharField(max_length=6)
    items = ArrayField(models.CharField(max_length=60))
    purposes = ArrayField(models.CharField(max_length=60))
    why = models.TextField()
    administrator = models.CharField(max_length=60)  # who keeps its people, and signs for it
    state = models.CharField(max_length=20)
    applied_at = models.DateTimeField()
    asked = models.CharField(max_length=500, default="")  # what is to be completed
    added = models.CharField(max_length=2000, default="")
    id_proposed = models.CharField(max_length=60, default="")
    proposed_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=500, default="")  # of a refusal
    institution = models.ForeignKey("parties.Institution", null=True, on_delete=models.PROTECT, related_name="+")
    appointment = models.OneToOneField("parties.Appointment", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="admitted") | ~models.Q(decided_by=models.F("proposed_by")),
                name="parties_application_two_people",
            ),
        )
