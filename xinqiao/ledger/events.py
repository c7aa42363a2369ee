"""The vocabulary of the log: every act that matters, as `source:subject:action`.

Audit, notices, signals, statistics and assessment share it. A kind is never renamed once released.
"""

from enum import StrEnum


class Kind(StrEnum):
    # parties
    INSTITUTION_ADMITTED = "parties:institution:admitted"
    AGREEMENT_MADE = "parties:agreement:made"
    AGREEMENT_ENDED = "parties:agreement:ended"
    PERSON_ADDED = "parties:person:added"
    ROLE_GIVEN = "parties:role:given"
    ROLE_ENDED = "parties:role:ended"
    CLIENT_REGISTERED = "parties:client:registered"
    CLIENT_ENDED = "parties:client:ended"
    CALL_REFUSED = "parties:call:refused"
    # subjects
    SUBJECTS_INTRODUCED = "subjects:subject:introduced"
    SUBJECTS_CHANGED = "subjects:subject:changed"
    SUBJECTS_NAMED = "subjects:name:given"
    # intake
    DELIVERY_RECEIVED = "intake:delivery:received"
    DELIVERY_JUDGED = "intake:delivery:judged"
    DELIVERY_RELEASED = "intake:delivery:released"
    DELIVERY_WITHDRAWN = "intake:delivery:withdrawn"
    DELIVERY_REPLACED = "intake:delivery:replaced"
    FINDINGS_KEPT = "intake:findings:kept"
    ROWS_UNPLACED = "intake:rows:unplaced"
    ROWS_PLACED = "intake:rows:placed"
    COPIES_ERASED = "intake:copies:erased"
    # creditfile
    FACTS_STORED = "creditfile:facts:stored"
    FACTS_CLOSED = "creditfile:facts:closed"
    SECRETS_SEALED = "creditfile:secrets:sealed"
    FACTS_ERASED = "creditfile:facts:erased"
    DELIVERY_DUE = "creditfile:delivery:due"
    PART_FILED = "creditfile:part:filed"
    DELIVERY_FILED = "creditfile:delivery:filed"
    FACT_MARKED = "creditfile:fact:marked"
    FACT_ANNOTATED = "creditfile:fact:annotated"
    # authorisation
    MANDATE_GIVEN = "authorisation:mandate:given"
    MANDATE_ENDED = "authorisation:mandate:ended"
    GRANT_GIVEN = "authorisation:grant:given"
    GRANT_ASKED = "authorisation:grant:asked"
    GRANT_DECLINED = "authorisation:grant:declined"
    GRANT_PAUSED = "authorisation:grant:paused"
    GRANT_RESUMED = "authorisation:grant:resumed"
    GRANT_REVOKED = "authorisation:grant:revoked"
    GRANT_REFUSED = "authorisation:grant:refused"
    CASE_OPENED = "authorisation:case:opened"
    CASE_CLOSED = "authorisation:case:closed"
    # evaluation
    MODEL_ADOPTED = "evaluation:model:adopted"
    GRADES_GIVEN = "evaluation:grades:given"
    # disclosure
    REPORT_TOLD = "disclosure:report:told"
    REPORT_REFUSED = "disclosure:report:refused"
    QUERY_TOLD = "disclosure:query:told"
    QUERY_REFUSED = "disclosure:query:refused"
    VERIFICATION_TOLD = "disclosure:verification:told"
    VERIFICATION_REFUSED = "disclosure:verification:refused"
    VERIFICATION_PROBED = "disclosure:verification:probed"
    OWN_FILE_TOLD = "disclosure:own_file:told"
    GRADE_SHOWN = "disclosure:grade:shown"
    CORRECTION_TOLD = "disclosure:correction:told"
    # rights
    OBJECTION_OPENED = "rights:objection:opened"
    OBJECTION_ASKED = "rights:objection:asked"
    OBJECTION_ANSWERED = "rights:objection:answered"
    OBJECTION_PAUSED = "rights:objection:paused"
    OBJECTION_RESUMED = "rights:objection:resumed"
    OBJECTION_UPHELD = "rights:objection:upheld"
    OBJECTION_REJECTED = "rights:objection:rejected"
    OBJECTION_WITHDRAWN = "rights:objection:withdrawn"
    OBJECTION_CARRIED = "rights:objection:carried"
    OBJECTION_ESCALATED = "rights:objection:escalated"
    PROOF_ADDED = "rights:proof:added"
    PROOF_READ = "rights:proof:read"
    PROOF_ERASED = "rights:proof:erased"
    # the house itself
    SETTING_CHANGED = "house:setting:changed"
    ROWS_RESTATED = "house:rows:restated"
    REFUSALS_COUNTED = "house:refusals:counted"
    FOLLOWER_BEGUN = "house:follower:begun"
