"""How the log names a subject in a refused act of authorisation."""

from xinqiao import keys
from xinqiao.kernel.ids import SubjectId


def keyed(subject_id: SubjectId | None) -> str:
    """A subject as a refusal names it: the log does not tell for whom somebody without a mandate tried to act."""
    return keys.mark("subject", str(subject_id).encode()).hex()
