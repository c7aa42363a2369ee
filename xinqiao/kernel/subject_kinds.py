"""The four kinds of information subject (信息主体) the platform evaluates."""

from enum import StrEnum
from typing import Final

from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc


class SubjectKind(StrEnum):
    ENTERPRISE = "enterprise"  # 企业
    INDIVIDUAL_BUSINESS = "individual_business"  # 个体工商户
    COOPERATIVE = "cooperative"  # 农民专业合作社
    RURAL_COLLECTIVE = "rural_collective"  # 农村集体经济组织


TITLES: Final = {
    SubjectKind.ENTERPRISE: Saying("企业"),
    SubjectKind.INDIVIDUAL_BUSINESS: Saying("个体工商户"),
    SubjectKind.COOPERATIVE: Saying("农民专业合作社"),
    SubjectKind.RURAL_COLLECTIVE: Saying("农村集体经济组织"),
}

_BY_CATEGORY: Final = {
    "91": SubjectKind.ENTERPRISE,
    "92": SubjectKind.INDIVIDUAL_BUSINESS,
    "93": SubjectKind.COOPERATIVE,
    "N1": SubjectKind.RURAL_COLLECTIVE,
    "N2": SubjectKind.RURAL_COLLECTIVE,
    "N3": SubjectKind.RURAL_COLLECTIVE,
    "N9": SubjectKind.RURAL_COLLECTIVE,
}


def kind_of(uscc: Uscc) -> SubjectKind | None:
    """The kind a code's first two characters tell, or None for bodies that are no market entity (schools, unions…)."""
    return _BY_CATEGORY.get(uscc.category)
