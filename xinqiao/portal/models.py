"""What the pages keep for themselves: counters of tries and the last results of a check. The log covers neither."""

from django.db import models


class Tries(models.Model):
    """How often something was tried since `since`. `key` is a keyed mark of what and by whom, never the name itself."""

    key = models.BinaryField(primary_key=True)
    since = models.DateTimeField(db_index=True)
    counted = models.IntegerField()


class LogCheck(models.Model):
    """One comparison of the covered tables with the log, for operators to read when it is done."""

    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField()
    done_at = models.DateTimeField(null=True)
    report = models.JSONField(null=True)
    seal = models.BinaryField(null=True)  # keyed: a result nobody but the program can have written
