"""Government sharing in the sample city: a department, its legal basis that names the grade, and one look under it."""

from datetime import datetime, timedelta
from typing import Final

from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import InstitutionId, PersonId

DEPARTMENT: Final = "market_regulation"
DAYS: Final = 730
ITEMS: Final = frozenset({"administrative_penalty", "administrative_licence", "credit_repair"})
LAWFUL: Final = "许可审查要核对申请人的守法情况，法律规定由本部门审查；只查与审查有关的三项和公共信用评价等级。"
IMPACT: Final = "法定代表人的姓名出现在处罚和许可里，被不相干的人看到会影响名誉；只凭等级作决定，会对个体工商户不公。"
MEASURES: Final = (
    "只给列明的经办人用，一件事一次查询，姓名遮盖，证件号码不给；等级只作参考，不能凭它一项作决定，理由只给到同时查的三项；"
    "企业当时看得到是谁、为了哪件事查的。"
)


def allow(clerk: PersonId, operator: PersonId, reviewer: PersonId, now: datetime) -> None:
    """The market regulator may look by law while it examines a licence; one operator declared it, another approved."""
    from xinqiao.parties import institutions, sharing
    from xinqiao.parties.rules import InstitutionKind

    kind, today = InstitutionKind.DEPARTMENT, day_of(now)
    institutions.admit(id=DEPARTMENT, name="平顶山市市场监督管理局", kind=kind, contact="0375-12315", now=now)
    _assess(operator, reviewer, now)
    said = sharing.Declared(
        department=DEPARTMENT,
        law="河南省社会信用条例第十八条",
        duty="行政许可审查",
        items=ITEMS,
        since=today,
        until=today + timedelta(days=DAYS),
        persons=frozenset({clerk}),
        grade=True,
    )
    sharing.approve(sharing.declare(said, by=operator, now=now), by=reviewer, now=now)


def _assess(operator: PersonId, reviewer: PersonId, now: datetime) -> None:
    """What is told is of natural persons too, so its effect on them comes first (个人信息保护法 §55)."""
    from xinqiao.parties import assessing

    again = day_of(now) + timedelta(days=DAYS)
    said = assessing.Assessed(DEPARTMENT, ITEMS, frozenset(), LAWFUL, IMPACT, MEASURES, again, grade=True)
    assessing.approve(assessing.assess(said, by=operator, today=day_of(now), now=now), by=reviewer, now=now)


def ask(uscc: str, now: datetime) -> int:
    """Its officer looks at the business once; returns the receipt's number."""
    from django.contrib.auth import get_user_model

    from xinqiao.disclosure.sharing import ByDuty, share
    from xinqiao.parties import queries as parties
    from xinqiao.parties import sharing_queries

    officer = parties.person_of_user(get_user_model().objects.get_by_natural_key("provider").pk)
    [basis, *_] = sharing_queries.bases_of(InstitutionId(DEPARTMENT))
    asked = ByDuty(InstitutionId(DEPARTMENT), basis.id, "平许〔2026〕17号", now, officer.id if officer else None)
    [found] = share(asked, [uscc])
    assert found.answer is not None  # noqa: S101 — one code alone is answered or refused
    return found.answer.number
