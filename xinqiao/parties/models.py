"""The tables of parties. The log vouches for every row but what lives minutes: tokens, spent proofs, tries."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from xinqiao.parties.signing_models import Application, Draft, Ending, Letter, Signature, SignedAgreement

__all__ = ["Application", "Draft", "Ending", "Letter", "Signature", "SignedAgreement"]


class Institution(models.Model):
    """接入机构. The id is a slug that never changes; the name may."""

    id = models.CharField(primary_key=True, max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    contact = models.CharField(max_length=200)  # 个人信息保护法 §23: a grant names the recipient's contact
    admitted_at = models.DateTimeField()


class Agreement(models.Model):
    """共享协议: what an institution may ask for at all, for which purposes, from day to day."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    document = models.CharField(max_length=200)  # the signed paper's number
    items = ArrayField(models.CharField(max_length=60))
    purposes = ArrayField(models.CharField(max_length=60))
    since = models.DateField()
    until = models.DateField()
    feedback = models.BooleanField(default=False)  # 结果反馈: it may say what became of whom it looked at
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=200, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="parties_agreement_term"),
        )


class Person(models.Model):
    """A person who acts here. The sign-in is Django's user; a person on paper has none."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    added_at = models.DateTimeField()


class Suspension(models.Model):
    """暂停接入: while it lasts no agreement of the institution is in force. `until`: its last day; None: till resumed.

    `ended_by` is None where its last day has passed and nobody did anything.
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=500)
    until = models.DateField(null=True)
    suspended_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    suspended_at = models.DateTimeField()
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=500, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("institution",), condition=models.Q(ended_at__isnull=True), name="parties_suspension_one"
            ),
        )


class Branch(models.Model):
    """分支机构、网点: a place below the head office of an organisation, which is no row: no branch is named there.

    `organisation`: as in `Role`.
    """

    organisation = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    division = models.CharField(max_length=6, default="")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "name"),
                condition=models.Q(closed_at__isnull=True),
                name="parties_branch_once",
            ),
        )


class Role(models.Model):
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    organisation = models.CharField(max_length=60, default="")
    branch = models.ForeignKey(Branch, null=True, on_delete=models.PROTECT, related_name="+")
    zone = models.CharField(max_length=6, default="")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person", "role", "organisation", "zone"),
                condition=models.Q(until__isnull=True),
                name="parties_role_once",
            ),
        )


class Appointment(models.Model):
    """任职邀请: somebody is asked by real name to take a role at a place of an organisation, until this day.

    By one of its administrators; or, for its first one, by an operator on a signed paper (`document`), which opens only
    once another operator has confirmed it.
    """

    organisation = models.CharField(max_length=60)
    branch = models.ForeignKey(Branch, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    until = models.DateField()
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    document = models.CharField(max_length=200, default="")
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    given = models.OneToOneField(Role, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=models.F("invited_by")), name="parties_appointment_two_people"
            ),
        )


class Charge(models.Model):
    """承办: this piece of open work is with this person, at this branch of the organisation, from a moment on.

    `work` and `number` say which piece; whether it is still open its own domain knows. Handed on, the next row begins.
    """

    organisation = models.CharField(max_length=60)
    branch = models.ForeignKey(Branch, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    work = models.CharField(max_length=20)
    number = models.BigIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")  # who handed it on

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("work", "number"), condition=models.Q(until__isnull=True), name="parties_charge_once"
            ),
        )
        indexes = (models.Index(fields=("organisation", "work"), name="parties_charge_of"),)


class Factor(models.Model):
    """认证方式: what a person signs in with beside the password. What an ended one rested on is forgotten."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)  # of `Method`: passkey or code
    name = models.CharField(max_length=60)  # the person's own word for it
    credential_id = models.BinaryField(null=True)  # of a passkey
    credential = models.BinaryField(null=True)  # its public key, as WebAuthn attests it
    sealed = models.BinaryField(null=True)  # the secret of codes
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("credential_id",), name="parties_factor_credential"),
            models.UniqueConstraint(
                fields=("person",),
                condition=models.Q(ended_at__isnull=True, kind="code"),
                name="parties_factor_one_code",
            ),
        )


class SignOn(models.Model):
    """登录身份: the account by which somebody who vouches knows this person. Both marks are keyed; neither the account
    nor the number is kept."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=20)
    account = models.BinaryField()
    number = models.BinaryField(null=True)  # of the document, where it was vouched for
    added_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("way", "account"), name="parties_signon_account"),)
        indexes = (models.Index(fields=("number",), name="parties_signon_number"),)


class LicenceShown(models.Model):
    """亮照: a person signed on with this business's licence, as its representative or as one of its clerks."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=20)
    uscc = models.CharField(max_length=18)
    capacity = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("person", "-id"), name="parties_licenceshown_of"),)


class FactorUse(models.Model):
    """The last time step a code was accepted for, or a passkey's own count: neither is accepted twice."""

    factor = models.OneToOneField(Factor, primary_key=True, on_delete=models.CASCADE, related_name="+")
    last = models.BigIntegerField()


class RecoveryCode(models.Model):
    """恢复码: a keyed mark of it, never the code."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    mark = models.BinaryField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # replaced by newer ones, or reset


class FactorReset(models.Model):
    """重置: one operator asks to take a person's factors away, another confirms or refuses."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=200)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=models.Q(decided_at__isnull=True), name="parties_factorreset_one"
            ),
        )


class Client(models.Model):
    """A program of an institution. It proves itself with the private half of `jwk`, which we never see."""

    id = models.CharField(primary_key=True, max_length=60)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    jwk = models.JSONField()
    registered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Assessment(models.Model):
    """个人信息保护影响评估 of an institution, before an agreement opens anything to it (个人信息保护法 §55–56).

    Never deleted. `catalogue` says which version of the city's files it was written against.
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    items = ArrayField(models.CharField(max_length=60))
    purposes = ArrayField(models.CharField(max_length=60))
    lawful = models.TextField()
    impact = models.TextField()
    measures = models.TextField()
    again = models.DateField()  # until when a new agreement may rest on it
    grade = models.BooleanField(default=False)  # looked at what telling grades does to people
    catalogue = models.CharField(max_length=64)
    assessed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(approved=True) | ~models.Q(decided_by=models.F("assessed_by")),
                name="parties_assessment_two_people",
            ),
        )


class SharingBasis(models.Model):
    """政务共享依据: by which law a department is told what, for which duty, through whom, from when until when.

    One operator declares it, another approves. `deferral_law` is what lets a look be shown to the business later.
    """

    department = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    law = models.CharField(max_length=200)
    duty = models.CharField(max_length=60)  # as the business reads it
    items = ArrayField(models.CharField(max_length=60))
    grade = models.BooleanField(default=False)  # the public credit grade, which is no item
    persons = ArrayField(models.BigIntegerField())
    clients = ArrayField(models.CharField(max_length=60))
    since = models.DateField()
    until = models.DateField()
    deferral_law = models.CharField(max_length=200, default="")
    deferral_days = models.IntegerField(null=True)
    declared_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=200, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="parties_sharing_term"),
            models.CheckConstraint(
                condition=~models.Q(approved=True) | ~models.Q(decided_by=models.F("declared_by")),
                name="parties_sharing_two_people",
            ),
        )


class Token(models.Model):
    """A token's SHA-256, never the token. `seal` is keyed: a row written behind our back opens nothing."""

    digest = models.BinaryField(primary_key=True)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=52)  # `cnf.jkt` (RFC 7638) or `certificates.sender`: what it is bound to
    details = models.TextField(default="")  # `authorization_details` as `reach.kept` has it; empty: no limits
    expires_at = models.DateTimeField(db_index=True)
    seal = models.BinaryField()


class SpentAssertion(models.Model):
    """The `jti` of an assertion seen before, kept until the assertion itself would have expired."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    jti = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("client", "jti"), name="parties_spentassertion_once"),)


class SpentProof(models.Model):
    """A DPoP proof seen before, kept until it would no longer be taken. `mark`: SHA-256 of its key and `jti`."""

    mark = models.BinaryField(primary_key=True)
    good_until = models.DateTimeField(db_index=True)


class SpentSignOn(models.Model):
    """A sign-on that was answered, kept until it would be too late to answer it. `mark`: keyed, of its state."""

    mark = models.BinaryField(primary_key=True)
    good_until = models.DateTimeField(db_index=True)


class Tries(models.Model):
    """How often something was tried since `since`. `key` is a keyed mark of what and by whom, never the name itself."""

    key = models.BinaryField(primary_key=True)
    since = models.DateTimeField(db_index=True)
    counted = models.IntegerField()
