"""The tables of rights; the log vouches for every row."""

from django.db import models
from django.db.models import Q

from xinqiao.rights.rules.annulments import State as Annulled
from xinqiao.rights.rules.commitments import Claim
from xinqiao.rights.rules.commitments import State as Given
from xinqiao.rights.rules.declarations import State as Declared
from xinqiao.rights.rules.objections import OPEN
from xinqiao.rights.rules.repairs import OPEN as STILL_OPEN


class Objection(models.Model):
    """异议: one business objects to one line of its file.

    `fact` is the version it objected to, `stands_on` the one its mark or its statement stands on now: a source that
    sends the line anew, with something changed in it, does not shake the objection off.
    """

    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    fact = models.BigIntegerField()
    stands_on = models.BigIntegerField(db_index=True)
    item = models.CharField(max_length=60)
    source = models.CharField(max_length=60)
    delivery = models.BigIntegerField()
    line = models.BigIntegerField()
    reason = models.CharField(max_length=20)
    text = models.TextField()
    opened_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=20)
    asked_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=20, default="")
    answer_text = models.TextField(default="")
    answer_delivery = models.BigIntegerField(null=True)
    answered_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    because = models.TextField(default="")  # why it was decided so, in the operator's words
    ended_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("stands_on",), condition=Q(state__in=sorted(map(str, OPEN))), name="rights_objection_once"
            ),
        )
        indexes = (
            models.Index(fields=("source", "-id"), name="rights_objection_source"),
            models.Index(fields=("-id",), condition=Q(state__in=sorted(map(str, OPEN))), name="rights_objection_open"),
        )


class Stop(models.Model):
    """The clocks of an objection stand still: for what, since when, until when."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=20)
    note = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("objection",), condition=Q(until__isnull=True), name="rights_stop_one_at_a_time"
            ),
        )


class Proof(models.Model):
    """材料: a file a business put to one of its cases. It lies in the file room by its digest; it has no name here.

    `about` and `number` say to which case, `paper` which of the papers asked for it is ("" for any other).
    """

    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=20)
    number = models.BigIntegerField()
    paper = models.CharField(max_length=60, default="")
    kind = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    added_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("about", "number"), name="rights_proof_case"),)


class Repair(models.Model):
    """信用修复: one business applies for the repair of one line at Credit China, whose number is `tracking`."""

    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    fact = models.BigIntegerField(db_index=True)
    item = models.CharField(max_length=60)
    source = models.CharField(max_length=60)
    target = models.CharField(max_length=20)
    document = models.CharField(max_length=200)
    opened_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=20)
    submitted_at = models.DateTimeField(null=True)
    tracking = models.CharField(max_length=60, default="")
    result = models.ForeignKey("rights.RepairResult", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("fact",), condition=Q(state__in=sorted(map(str, STILL_OPEN))), name="rights_repair_once"
            ),
        )
        indexes = (models.Index(fields=("subject", "document"), name="rights_repair_document"),)


class RepairResult(models.Model):
    """修复结果: what Credit China decided, as a delivery brought it, and what it led to here.

    `said_by` is the fact that says so; `facts` the lines it was carried out on. Without one it waits for its line.
    """

    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    said_by = models.BigIntegerField(unique=True)
    target = models.CharField(max_length=20)
    document = models.CharField(max_length=200)
    granted = models.BooleanField()
    effective_on = models.DateField(null=True)
    received_at = models.DateTimeField()
    facts = models.JSONField(default=list)
    carried_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("subject", "document"), name="rights_result_document"),)


class Annulment(models.Model):
    """撤下: a source says the act behind its line was annulled. `key` is the line's own number as it was given."""

    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    fact = models.BigIntegerField()
    item = models.CharField(max_length=60)
    source = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    document = models.CharField(max_length=200)
    annulled_on = models.DateField()
    text = models.TextField()
    reported_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    state = models.CharField(max_length=20)
    because = models.TextField(default="")
    ended_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("fact",), condition=Q(state=str(Annulled.REPORTED)), name="rights_annulment_once"
            ),
        )
        indexes = (models.Index(fields=("source", "-id"), name="rights_annulment_source"),)


class Commitment(models.Model):
    """信用承诺: what a business committed itself to, as it was signed. `made_to` is a source, "" for the platform.

    `written_on` is the day whose delivery holds its row; `unwritten` says the row there no longer says what is so.
    """

    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    promise = models.CharField(max_length=60)
    version = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    title = models.TextField()
    text = models.TextField()
    made_to = models.CharField(max_length=60, default="")
    published = models.BooleanField()
    signed_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    until = models.DateField()
    state = models.CharField(max_length=20)
    ended_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    written_on = models.DateField(null=True)
    unwritten = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("subject", "promise"), condition=Q(state=str(Given.IN_FORCE)), name="rights_commitment_once"
            ),
        )
        indexes = (
            models.Index(fields=("made_to", "-id"), name="rights_commitment_made_to"),
            models.Index(fields=("written_on",), name="rights_commitment_written"),
            models.Index(fields=("id",), condition=Q(unwritten=True), name="rights_commitment_unwritten"),
        )


class Breach(models.Model):
    """违诺: the claim that a commitment was broken, what the business says, who established it, and its repair here.

    `proposed_for` is the source in whose name it was proposed, "" for the platform.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20)
    facts = models.TextField()
    evidence = models.CharField(max_length=200)
    proposed_for = models.CharField(max_length=60, default="")
    proposed_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    answer = models.TextField(default="")
    answered_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    because = models.TextField(default="")
    decided_for = models.CharField(max_length=60, default="")
    decided_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    mend_text = models.TextField(default="")
    mend_asked_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    mend_asked_at = models.DateTimeField(null=True)
    mend_because = models.TextField(default="")
    mend_agreed_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    mended_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    mended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("commitment",), condition=~Q(state=str(Claim.DISMISSED)), name="rights_breach_once"
            ),
        )


class Declaration(models.Model):
    """自主申报: what a business says of itself, under its commitment to be truthful. `key` is the item's own, as typed.

    `values` holds the fields of the form; who it is and under which commitment is added when it is written down.
    """

    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    values = models.JSONField()
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="+")
    declared_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    state = models.CharField(max_length=20)
    ended_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    written_on = models.DateField(null=True)
    unwritten = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("subject", "item", "key"),
                condition=Q(state=str(Declared.STANDING)),
                name="rights_declaration_once",
            ),
        )
        indexes = (
            models.Index(fields=("written_on",), name="rights_declaration_written"),
            models.Index(fields=("id",), condition=Q(unwritten=True), name="rights_declaration_unwritten"),
        )
