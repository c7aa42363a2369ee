"""Counters of tries. They live minutes, say nothing about anybody, and are not covered by the log."""

from django.db import models


class Tries(models.Model):
    """How often something was tried since `since`. `key` is a keyed mark of what and by whom, never the name itself."""

    key = models.BinaryField(primary_key=True)
    since = models.DateTimeField(db_index=True)
    counted = models.IntegerField()
