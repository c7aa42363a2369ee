"""The tables of authorisation; the log vouches for every row."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Mandate(models.Model):
    """办理资格: this person acts for this business in what it says, from a moment until the person leaves or the term
    is over. What was delegated names the mandate it was given under."""

    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=30)
    may = ArrayField(models.CharField(max_length=20))
    since = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  # the term; None: until it is ended
    under = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(null=True)  # when it ended, and why
    because = models.CharField(max_length=20, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person", "subject"),
                condition=models.Q(until__isnull=True),
                name="authorisation_mandate_once",
            ),
        )


class Invitation(models.Model):
    """邀请: the representative asks somebody by name to act for the business, in these things, until this day."""

    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    under = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    capacity = models.CharField(max_length=30)
    may = ArrayField(models.CharField(max_length=20))
    until = models.DateField()
    invited_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    mandate = models.OneToOneField(Mandate, null=True, on_delete=models.PROTECT, related_name="+")


class Doubt(models.Model):
    """待核实: whether a person represents a business, where the register alone does not say. An operator decides.

    Without a mandate it is asked for; with one it is about keeping it. `fact`: the line of the register in question.
    """

    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=20)
    fact = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    represents = models.BooleanField(null=True)
    because = models.CharField(max_length=200, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person", "subject"),
                condition=models.Q(decided_at__isnull=True),
                name="authorisation_doubt_once",
            ),
        )


class ShownText(models.Model):
    """A text somebody was shown before agreeing, kept to the letter under its SHA-256."""

    digest = models.CharField(primary_key=True, max_length=64)
    name = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    text = models.TextField()
    first_shown_at = models.DateTimeField()


class Case(models.Model):
    """融资业务: what an institution is working on for a business. A grant bound to it ends with it."""

    institution = models.ForeignKey("parties.Institution", on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=60)  # the institution's own number for it
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("institution", "reference"), name="authorisation_case_reference"),
        )
        indexes = (models.Index(fields=("subject", "institution"), name="authorisation_case_between"),)


class Grant(models.Model):
    """授权书: one business to one institution (个人信息保护法 §23), these items, this purpose, until this day.

    Asked for by the institution it has neither texts nor a signer yet; both come when the business gives it.
    """

    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+", db_index=False)
    institution = models.ForeignKey("parties.Institution", on_delete=models.PROTECT, related_name="+")
    items = ArrayField(models.CharField(max_length=60))
    purpose = models.CharField(max_length=60)
    method = models.CharField(max_length=200)
    contact = models.CharField(max_length=200)  # the recipient's, as it was shown
    agreement = models.ForeignKey("parties.Agreement", on_delete=models.PROTECT, related_name="+")
    template = models.CharField(max_length=80)  # name@version: whose ceilings it was held to
    fetch = models.CharField(max_length=20)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    # The four clocks, and the counter: how long it holds (below), from which days, kept how long, how often.
    data_since = models.DateField(null=True)
    data_until = models.DateField(null=True)
    keep_days = models.IntegerField(null=True)
    frequency_most = models.IntegerField(null=True)
    frequency_days = models.IntegerField(null=True)
    most_uses = models.IntegerField(null=True)
    notice = models.ForeignKey(ShownText, null=True, on_delete=models.PROTECT, related_name="+")
    statement = models.ForeignKey(ShownText, null=True, on_delete=models.PROTECT, related_name="+")
    translation = models.ForeignKey(
        ShownText, null=True, on_delete=models.PROTECT, related_name="+"
    )  # English, if shown
    # 条例 §46: what of `items` a natural person has consented to separately, and the words that were shown for it.
    written = ArrayField(models.CharField(max_length=60), default=list)
    written_text = models.ForeignKey(ShownText, null=True, on_delete=models.PROTECT, related_name="+")
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.CharField(max_length=100, default="")  # the officer or program that asked, by name
    asked_at = models.DateTimeField(null=True)
    # 双人办理: who drew it up, where another person has to confirm it (`two_people`).
    prepared_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(null=True)
    # On paper: who signed it there, and the SHA-256 of the scan; nobody of the business signed in for it.
    signed_by = models.CharField(max_length=100, default="")
    scan = models.CharField(max_length=64, default="")
    given_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    starts_at = models.DateTimeField()
    until = models.DateField()
    ends_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    resumed_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (
            models.Index(fields=("subject", "institution"), name="authorisation_grant_between"),
            models.Index(
                fields=("subject", "institution", "ends_at"),
                condition=models.Q(given_at__isnull=False, revoked_at__isnull=True),
                name="authorisation_grant_held",
            ),
        )


class TwoPeople(models.Model):
    """双人办理: from a moment on a grant of this business takes two of its people, one after the other.

    By its `own` wish, which two of its people can end; or by its `size`, as an operator wrote it down, if it is one of
    those the city's files name.
    """

    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=10)
    size = models.CharField(max_length=10, default="")
    since = models.DateTimeField()
    by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    ending_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("subject", "ground"),
                condition=models.Q(until__isnull=True),
                name="authorisation_two_people_once",
            ),
        )


class Paper(models.Model):
    """纸质授权书: a scan an officer handed in with what it says, and what became of it.

    A second officer enters the same again from the scan; only then there is a grant. Some are asked about by phone.
    """

    institution = models.ForeignKey("parties.Institution", on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    items = ArrayField(models.CharField(max_length=60))
    purpose = models.CharField(max_length=60)
    fetch = models.CharField(max_length=20)
    until = models.DateField()
    signed_by = models.CharField(max_length=100)
    signed_on = models.DateField()
    scan = models.CharField(max_length=64)
    kind = models.CharField(max_length=10)
    size = models.BigIntegerField()
    window = models.BooleanField(default=False)  # handed in to the operators, not by the institution
    handed_in_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField()
    checked_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=500, default="")  # why it was turned down
    grant = models.OneToOneField(Grant, null=True, on_delete=models.PROTECT, related_name="+")
    to_call = models.BooleanField(default=False)
    called_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField(null=True)
    call = models.CharField(max_length=20, default="")
    call_note = models.CharField(max_length=500, default="")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("institution", "-id"), name="authorisation_paper_of"),)


class Consent(models.Model):
    """个人同意: one natural person lets one institution see hers in a business's file, within one grant of it.

    Whom it is asked of stands here by name and by the keyed mark of her document's number; `person` once she has taken
    the question up. It is hers alone to give and to take back, by clocks of its own.
    """

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    capacity = models.CharField(max_length=30)
    mark = models.BinaryField()
    items = ArrayField(models.CharField(max_length=60))
    asked_by = models.CharField(max_length=100)
    asked_at = models.DateTimeField()
    asked_key = models.BinaryField(null=True)  # a mark of the program and the key it asked under
    withdrawn_at = models.DateTimeField(null=True)  # the question, by who asked it
    person = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    data_since = models.DateField(null=True)
    keep_days = models.IntegerField(null=True)
    frequency_most = models.IntegerField(null=True)
    frequency_days = models.IntegerField(null=True)
    most_uses = models.IntegerField(null=True)
    text = models.ForeignKey(ShownText, null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    starts_at = models.DateTimeField()
    until = models.DateField()
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("asked_key",), name="authorisation_consent_asked_once"),)


class ConsentUse(models.Model):
    """One telling in which what is a person's was opened by her consent, whether or not there was anything of hers."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+", db_index=False)
    receipt = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("consent", "at"), name="authorisation_consent_use_of"),)


class Step(models.Model):
    """What became of a grant, step by step, as both its parties read it."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=20)
    by = models.CharField(max_length=100)
    at = models.DateTimeField()


class Use(models.Model):
    """One use of a grant. `flags` name what was unusual about it; `opened` counts the items the look opened, by this
    and by the other grants it went by (unknown of looks before there was a count)."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+", db_index=False)
    receipt = models.BigIntegerField()
    at = models.DateTimeField()
    flags = ArrayField(models.CharField(max_length=30), default=list)
    opened = models.IntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=("grant", "at"), name="authorisation_use_of"),)
