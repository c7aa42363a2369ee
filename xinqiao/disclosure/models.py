"""What has been told, to whom, and why. Rows are only added, and the log vouches for each."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Receipt(models.Model):
    """回执. `body` is the signed text to the letter; the columns beside it are for finding it again.

    `facts` with its inverted index answers, for a fact that turns out wrong, who was told it: one row a receipt, where
    a table of pairs would be forty.
    """

    number = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)  # the event's kind
    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+", db_index=False)
    institution = models.ForeignKey("parties.Institution", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    officer = models.CharField(max_length=100, default="")  # who looked, by name, as told to the business
    branch = models.ForeignKey("parties.Branch", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    client = models.CharField(max_length=60, default="")
    purpose = models.CharField(max_length=60)
    grants = ArrayField(models.BigIntegerField())
    items = ArrayField(models.CharField(max_length=60))
    facts = ArrayField(models.BigIntegerField())
    body = models.TextField()
    signature = models.BinaryField()
    report_digest = models.CharField(max_length=64)
    event = models.BigIntegerField()
    told_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("subject", "-number"), name="disclosure_receipt_subject"),
            GinIndex(fields=("facts",), name="disclosure_receipt_facts"),
        )


class Deferral(models.Model):
    """暂缓告知: a look by a department that its business is shown later, on a statutory ground that is named.

    `nth` counts them through the whole city: none can be left out without the numbers telling.
    """

    receipt = models.OneToOneField(Receipt, primary_key=True, on_delete=models.PROTECT, related_name="+")
    law = models.CharField(max_length=200)
    until = models.DateField()
    nth = models.BigIntegerField(unique=True)
    deferred_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)


class PseudonymRenewal(models.Model):
    """假名换代: from then on an institution is told other pseudonyms, and until `earlier_until` those of the generation
    before beside them."""

    institution = models.ForeignKey("parties.Institution", on_delete=models.PROTECT, related_name="+")
    generation = models.IntegerField()
    earlier = models.IntegerField()
    earlier_until = models.DateTimeField()
    renewed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("institution", "generation"), name="disclosure_pseudonym_once"),)


class Correction(models.Model):
    """更正通知: an institution was told that what it had been told is wrong. `text` is the notice to the letter.

    It holds numbers and no values, so it can be kept, listed and fetched. `facts` are those it had been told, `told`
    the receipts of those tellings.
    """

    receipt = models.OneToOneField(Receipt, primary_key=True, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey("parties.Institution", on_delete=models.PROTECT, related_name="+")
    facts = ArrayField(models.BigIntegerField())
    told = ArrayField(models.BigIntegerField())
    text = models.TextField()

    class Meta:
        indexes = (GinIndex(fields=("facts",), name="disclosure_correction_facts"),)


class Document(models.Model):
    """文件: what was told, handed out as a file of its own form. `body` is its signed receipt to the letter.

    The file itself is not kept: its digest tells whether a copy is ours and unaltered, and the number hidden in it whom
    it was made for.
    """

    number = models.BigAutoField(primary_key=True)
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="+")  # of the telling
    form = models.CharField(max_length=20)
    officer = models.CharField(max_length=100, default="")
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    body = models.TextField()
    signature = models.BinaryField()
    event = models.BigIntegerField()
    issued_at = models.DateTimeField()


class Disposal(models.Model):
    """删除证明: an institution attests that what it was told is deleted, or kept by law and used no more.

    By a person on a page (`person`, `officer`), or by a program with its key (`client`, and `signed`, its words).
    """

    receipt = models.OneToOneField(Receipt, primary_key=True, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey("parties.Institution", on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=20)
    law = models.CharField(max_length=200, default="")
    officer = models.CharField(max_length=100, default="")
    person = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    client = models.CharField(max_length=60, default="")
    signed = models.TextField(default="")
    event = models.BigIntegerField()
    at = models.DateTimeField()


class Overdue(models.Model):
    """逾期: the term was over and nothing attested. The mark stays when it is attested later."""

    receipt = models.OneToOneField(Receipt, primary_key=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateField()
    event = models.BigIntegerField()
    at = models.DateTimeField()


class Repeat(models.Model):
    """A question under its caller's key, for a week: keyed marks of both, the receipt that answered it, and what the
    report was read from. Nothing of what it said of the business is here.

    Not covered by the log: losing it costs a second look; the receipts themselves are covered.
    """

    key = models.BinaryField(primary_key=True)
    question = models.BinaryField()
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.BigIntegerField()  # of the log, at which it was read
    grade = models.BigIntegerField(null=True)  # the act that gave the grade it told
    sources = models.TextField(default="null")  # JSON: how the sources had answered by then
    expires_at = models.DateTimeField(db_index=True)


class Comparison(models.Model):
    """A value that an institution had compared with what is held on a business: a keyed mark of it, and when last.

    Kept for as long as trying many values, or one value on many businesses, is held against it (`comparisons`).
    """

    institution = models.ForeignKey("parties.Institution", on_delete=models.PROTECT, related_name="+", db_index=False)
    claim = models.CharField(max_length=60)
    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+", db_index=False)
    value = models.BinaryField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("institution", "claim", "subject", "value"), name="disclosure_comparison_once"
            ),
        )
        indexes = (models.Index(fields=("institution", "claim", "value"), name="disclosure_comparison_value"),)


class Watch(models.Model):
    """持续关注: under a monitoring grant an institution wants to hear when these items of a business change, or its
    grade does."""

    grant = models.ForeignKey("authorisation.Grant", on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey("parties.Institution", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=60)
    items = ArrayField(models.CharField(max_length=60))
    grade = models.BooleanField()
    client = models.CharField(max_length=60)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("grant",), condition=models.Q(ended_at__isnull=True), name="disclosure_watch_one_a_grant"
            ),
        )


class WatchNews(models.Model):
    """That something watched has changed: what, and nothing of what it says. Changes are added until it is fetched; it
    is told then, by the door, as things stand then."""

    watch = models.ForeignKey(Watch, on_delete=models.PROTECT, related_name="+")
    items = ArrayField(models.CharField(max_length=60))
    grade = models.BooleanField()
    opened_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("watch",), condition=models.Q(fetched_at__isnull=True), name="disclosure_watchnews_one_open"
            ),
        )


class SourceInterface(models.Model):
    """数据源接口: where a source is asked, and the key it signs its answers with (a line as in a trust file)."""

    source = models.CharField(max_length=60)
    address = models.CharField(max_length=300)
    key = models.CharField(max_length=200)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("source",), condition=models.Q(until__isnull=True), name="disclosure_interface_once"
            ),
        )


class Call(models.Model):
    """接口调用: one ask of one source, and what came of it. `ask` is the signed text to the letter.

    Four moments: `sent_at` and `arrived_at` by our clock, `received_at` and `answered_at` by the source's. `answer` is
    what it signed, sealed, until `kept_until`: so long the same question under its caller's key has the same answer.
    """

    source = models.CharField(max_length=60)
    interface = models.ForeignKey(SourceInterface, on_delete=models.PROTECT, related_name="+", db_index=False)
    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+", db_index=False)
    institution = models.ForeignKey("parties.Institution", on_delete=models.PROTECT, related_name="+", db_index=False)
    items = ArrayField(models.CharField(max_length=60))
    ask = models.TextField()
    signature = models.BinaryField()
    event = models.BigIntegerField()
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=10)
    refused = models.CharField(max_length=40, default="")  # why the source gave nothing, by its own gate
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    rejected = models.IntegerField(default=0)  # rows that were not fit to be told
    answer = models.BinaryField(null=True)
    answer_digest = models.CharField(max_length=64, default="")
    receipt = models.BigIntegerField(null=True)  # of what was told with it; none where nothing was
    kept_until = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("source", "-id"), name="disclosure_call_newest"),
            models.Index(fields=("receipt",), name="disclosure_call_told"),
        )


class Subscription(models.Model):
    """订阅: what public information an institution wants in files: which items, of businesses where, in what trade, how
    large and of what kind. An empty list narrows nothing."""

    institution = models.ForeignKey("parties.Institution", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=60)
    items = ArrayField(models.CharField(max_length=60))
    divisions = ArrayField(models.CharField(max_length=6))
    industries = ArrayField(models.CharField(max_length=2))
    kinds = ArrayField(models.CharField(max_length=40))
    sizes = ArrayField(models.CharField(max_length=10))
    by = models.CharField(max_length=100)  # the officer's name, or the program
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class PushOrder(models.Model):
    """A file that is asked for, and how far it is. Not covered by the log: nothing is told by asking."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="+")
    full = models.BooleanField()
    asked_at = models.DateTimeField()
    done = models.IntegerField(default=0)  # businesses looked at
    of = models.IntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=40, default="")  # why it ended without a file
    push = models.OneToOneField("disclosure.Push", null=True, on_delete=models.PROTECT, related_name="+")
    cleared = models.BooleanField(default=False)  # its files are kept no longer

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("subscription",), condition=models.Q(ended_at__isnull=True), name="disclosure_pushorder_one"
            ),
        )


class Push(models.Model):
    """批量推送: one file that was made, in its forms. `body` is its signed receipt to the letter.

    `since` is the push it tells the changes after; a full one follows none. The files are in the file room by the
    digests the receipt names, and leave it after a while (`pushed.KEPT`).
    """

    number = models.BigAutoField(primary_key=True)
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="+")
    since = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    jsonl = models.CharField(max_length=64)  # SHA-256
    csv = models.CharField(max_length=64)
    put = models.IntegerField()
    removed = models.IntegerField()
    body = models.TextField()
    signature = models.BinaryField()
    event = models.BigIntegerField()
    made_at = models.DateTimeField()


class Pushed(models.Model):
    """A line that a subscription's files have told: by which push, how it stood then, and which push took it out.

    The next changes are reckoned against it, and a correction finds by it whoever has the line. Not covered row by row:
    the signed files say what each push told.
    """

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="+", db_index=False)
    fact = models.BigIntegerField()
    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=60)
    standing = models.CharField(max_length=20)
    push = models.ForeignKey(Push, on_delete=models.PROTECT, related_name="+", db_index=False)
    removed = models.ForeignKey(Push, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("subscription", "fact"), name="disclosure_pushed_once"),)
        indexes = (models.Index(fields=("fact",), name="disclosure_pushed_fact"),)


class FeedbackBatch(models.Model):
    """反馈的一批: who told it, when, under which key, so that a batch sent again is that batch."""

    institution = models.ForeignKey("parties.Institution", on_delete=models.PROTECT, related_name="+")
    agreement = models.BigIntegerField()  # it was told under
    person = models.ForeignKey("parties.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    teller = models.CharField(max_length=100)  # the officer's name, or the program
    key = models.BinaryField(null=True, unique=True)  # keyed marks of the program's key, and of what was sent
    sent = models.BinaryField()
    told_at = models.DateTimeField()


class Feedback(models.Model):
    """结果反馈: what an institution says became of a business it had looked at, or what its own model came to.

    Of one look, model and day one entry stands; a newer one ends it and names it. `said` is as `feedback` has it.
    """

    batch = models.ForeignKey(FeedbackBatch, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey("parties.Institution", on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey("subjects.Subject", on_delete=models.PROTECT, related_name="+")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="+")  # of the look
    what = models.CharField(max_length=10)
    model = models.CharField(max_length=60, default="")
    on = models.DateField()
    said = models.JSONField()
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, default="")  # empty where a newer one took its place

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("receipt", "what", "model", "on"),
                condition=models.Q(ended_at__isnull=True),
                name="disclosure_feedback_one_a_day",
            ),
        )
