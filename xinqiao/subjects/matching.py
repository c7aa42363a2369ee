"""Whose is a row? By code alone: the only key of a legal person (河南省社会信用条例 §16), and never by name."""

from collections.abc import Collection

from django.db import connection

from xinqiao.kernel.ids import SubjectId
from xinqiao.kernel.uscc import Uscc


def place(usccs: Collection[str]) -> dict[Uscc, SubjectId]:
    """The subjects that bear these codes; a code nobody bears is not among the answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT uscc, id FROM subjects_subject WHERE uscc = ANY(%s)", (list(usccs),))
        return {Uscc(uscc): SubjectId(number) for uscc, number in cursor.fetchall()}
