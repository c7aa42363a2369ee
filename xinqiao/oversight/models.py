"""The tables of oversight; the log vouches for every row."""

from django.db import models


class Infringement(models.Model):
    """查处案件: an institution is suspected to have infringed upon businesses' rights, and what came of it.

    `suspension` is the one that was imposed in this case. `finding` and `because` are proposed by one and hold once
    another has confirmed them.
    """

    institution = models.ForeignKey("parties.Institution", on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=20)
    facts = models.TextField()
    opened_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=20)
    suspension = models.ForeignKey("parties.Suspension", null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(default="")
    answered_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    finding = models.CharField(max_length=20, default="")
    because = models.TextField(default="")
    proposed_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    turned_back = models.TextField(default="")  # why the last proposal was
    decided_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    regulator = models.CharField(max_length=100, default="")
    reference = models.CharField(max_length=100, default="")  # the regulator's, or of the letter to it
    outcome = models.TextField(default="")  # what was done about it, for those concerned to read
    ended_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)


class Concerned(models.Model):
    """A business whose rights a case is about; `receipt` of the look, None where no single one is meant."""

    infringement = models.ForeignKey(Infringement, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    receipt = models.BigIntegerField(null=True)


class Inspection(models.Model):
    """检查: an inspector looks into an institution, or into the operator itself (`institution` None).

    `findings` and what must be mended by `due`, what the checked says it has done, and what became of that.
    """

    institution = models.ForeignKey("parties.Institution", null=True, on_delete=models.PROTECT, related_name="+")
    scope = models.TextField()
    opened_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=20)
    findings = models.TextField(default="")
    mend = models.TextField(default="")
    due = models.DateField(null=True)
    found_at = models.DateTimeField(null=True)
    report = models.TextField(default="")
    reported_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(null=True)
    sent_back = models.TextField(default="")
    closed_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)


class Complaint(models.Model):
    """投诉: by a business on its pages (`subject`, `made_by`), or by anybody, who keeps a code to read the answer by.

    `mark` is a keyed mark of that code, never the code. What somebody says of themselves is what they chose to say.
    """

    subject = models.ForeignKey("subjects.Subject", null=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    mark = models.BinaryField(null=True)
    contact = models.CharField(max_length=200, default="")
    about = models.CharField(max_length=20)
    institution = models.ForeignKey("parties.Institution", null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=60, default="")
    text = models.TextField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=20)
    answer = models.TextField(default="")
    answered_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    infringement = models.ForeignKey(Infringement, null=True, on_delete=models.PROTECT, related_name="+")
    more = models.TextField(default="")  # why the answer is not enough
    escalated_at = models.DateTimeField(null=True)
    above = models.TextField(default="")  # what those above say
    regulator = models.CharField(max_length=100, default="")
    reference = models.CharField(max_length=100, default="")
    ended_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("subject", "-id"), name="oversight_complaint_subject"),)


class Incident(models.Model):
    """个人信息安全事件: what happened, the three contents of the notice (§57), who approved it, when who was told."""

    what = models.TextField()
    reported_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    state = models.CharField(max_length=20)
    must_tell = models.BooleanField(null=True)
    kinds = models.TextField(default="")  # 一: kinds of information, cause, possible harm
    measures = models.TextField(default="")  # 二: what was done, and what those concerned can do
    contact = models.CharField(max_length=200, default="")  # 三
    because = models.TextField(default="")  # why those concerned are told, or need not be
    assessed_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField(null=True)
    turned_back = models.TextField(default="")
    approved_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    authority = models.CharField(max_length=100, default="")
    reference = models.CharField(max_length=100, default="")
    notified_by = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+")
    notified_at = models.DateTimeField(null=True)


class Affected(models.Model):
    """A business whose information an incident concerns, as the last assessment names it (`named`): since when it was
    told, and when it first read it."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    named = models.BooleanField()
    told_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("incident", "subject"), name="oversight_affected_once"),)
