"""What the pages keep for themselves: the last results of a check. The log does not cover it."""

from django.db import models


class LogCheck(models.Model):
    """One comparison of the covered tables with the log, for operators to read when it is done."""

    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField()
    done_at = models.DateTimeField(null=True)
    report = models.JSONField(null=True)
    seal = models.BinaryField(null=True)  # keyed: a result nobody but the program can have written
