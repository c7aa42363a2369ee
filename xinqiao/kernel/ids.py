"""Identifiers, so that one cannot be passed where another is meant."""

from typing import NewType

SubjectId = NewType("SubjectId", int)
PersonId = NewType("PersonId", int)
BranchId = NewType("BranchId", int)
InstitutionId = NewType("InstitutionId", str)  # a slug: "pds_sample_bank"
DeliveryNumber = NewType("DeliveryNumber", int)
FactId = NewType("FactId", int)
GrantId = NewType("GrantId", int)
ConsentId = NewType("ConsentId", int)  # of a natural person
ObjectionNumber = NewType("ObjectionNumber", int)
CaseId = NewType("CaseId", int)
DocumentNumber = NewType("DocumentNumber", int)
ReceiptNumber = NewType("ReceiptNumber", int)
EventId = NewType("EventId", int)  # given when the act writes it
Position = NewType("Position", int)  # given by the sequencer: the place in the log, from 0
