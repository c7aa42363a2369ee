"""Who may act for whom, and when an agreement holds. Pure: the caller brings the day and the hour."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from xinqiao.kernel.ids import BranchId, InstitutionId, PersonId
from xinqiao.kernel.sayings import Saying


class InstitutionKind(StrEnum):
    """接入机构: who may ask about a business, under an agreement. A department asks by law, an association
    (行业协会商会) asks about nobody: no grant names either."""

    BANK = "bank"
    INSURER = "insurer"
    GUARANTOR = "guarantor"
    SMALL_LENDER = "small_lender"
    CREDIT_AGENCY = "credit_agency"
    DEPARTMENT = "department"
    ASSOCIATION = "association"


UNGRANTED: Final = frozenset({InstitutionKind.DEPARTMENT, InstitutionKind.ASSOCIATION})
KIND_TITLES: Final = {
    InstitutionKind.BANK: Saying("银行"),
    InstitutionKind.INSURER: Saying("保险公司"),
    InstitutionKind.GUARANTOR: Saying("融资担保公司"),
    InstitutionKind.SMALL_LENDER: Saying("小额贷款公司"),
    InstitutionKind.CREDIT_AGENCY: Saying("征信机构"),
    InstitutionKind.DEPARTMENT: Saying("政府部门"),
    InstitutionKind.ASSOCIATION: Saying("行业协会商会"),
}


class Role(StrEnum):
    """What a person is here. For which business somebody may act is a mandate and lives in `authorisation`."""

    PROVIDER = "provider"  # 信息提供单位的经办人; organisation: a source of the catalogue
    BUSINESS = "business"  # 信息主体的法定代表人或经办人; no organisation here
    OFFICER = "officer"  # 接入机构的经办人; organisation: an institution
    OPERATOR = "operator"  # 平台运营人员
    INSPECTOR = "inspector"  # 检查人员
    ADMINISTRATOR = "administrator"  # 单位管理员: keeps an organisation's people and branches, and looks at no business
    ASSOCIATE = "associate"  # 行业协会商会的工作人员; organisation: an association


ROLE_TITLES: Final = {
    Role.PROVIDER: Saying("报送经办人"),
    Role.BUSINESS: Saying("信息主体"),
    Role.OFFICER: Saying("机构经办人"),
    Role.OPERATOR: Saying("平台运营"),
    Role.INSPECTOR: Saying("检查"),
    Role.ADMINISTRATOR: Saying("单位管理员"),
    Role.ASSOCIATE: Saying("协会工作人员"),
}

WITH_ORGANISATION: Final = frozenset({Role.PROVIDER, Role.OFFICER, Role.ADMINISTRATOR, Role.ASSOCIATE})
# Whoever reads about others needs more than a password; to a business it is offered.
SECOND_FACTOR: Final = frozenset(Role) - {Role.BUSINESS}


class Method(StrEnum):
    """By what a person has shown who they are."""

    PASSWORD = "password"  # noqa: S105 — a word for it
    PASSKEY = "passkey"  # 通行密钥: works alone, since the device asks for a finger, a face or its own code
    CODE = "code"  # 动态口令 (TOTP, RFC 6238)
    RECOVERY = "recovery"  # 恢复码, each once
    SIGN_ON = "sign_on"  # 电子营业执照、政务服务网、豫事办


FRESH: Final = timedelta(minutes=5)  # how long what was shown counts as shown just now


@dataclass(frozen=True, slots=True)
class Shown:
    """That a person showed who they are: by what, when, and with which factor where it was one of hers."""

    method: Method
    at: datetime
    factor: int | None = None

    def just_now(self, now: datetime) -> bool:
        return self.at <= now <= self.at + FRESH


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, in which role, for which organisation and zone. Every list query takes one.

    `person` None is the public. `organisation` is a source's name for a provider, an institution's id for an officer,
    else empty. `branch` is where in the organisation; None is its head office, which sees all of it. `zone` is a
    six-digit division code; empty means the whole city.
    """

    person: PersonId | None
    role: Role | None
    organisation: str = ""
    zone: str = ""
    branch: BranchId | None = None

    @property
    def institution(self) -> InstitutionId | None:
        return InstitutionId(self.organisation) if self.role is Role.OFFICER else None

    @property
    def source(self) -> str | None:
        return self.organisation if self.role is Role.PROVIDER else None


PUBLIC: Final = Scope(person=None, role=None)


def in_force(*, since: date, until: date, ended_at: datetime | None, on: date) -> bool:
    """Whether an agreement holds on a day. Ending it takes effect at once, not at the end of the day."""
    return ended_at is None and since <= on <= until


def suspends(*, until: date | None, ended_at: datetime | None, on: date) -> bool:
    """Whether a suspension of access still stands on a day; its last day belongs to it."""
    return ended_at is None and (until is None or on <= until)


class BasisState(StrEnum):
    """政务共享依据."""

    WAITING = "waiting"  # for a second operator
    TURNED_DOWN = "turned_down"
    NOT_STARTED = "not_started"
    IN_FORCE = "in_force"
    OVER = "over"  # its term
    ENDED = "ended"


BASIS_TITLES: Final = {
    BasisState.WAITING: Saying("等另一位运营人员批准"),
    BasisState.TURNED_DOWN: Saying("没有批准"),
    BasisState.NOT_STARTED: Saying("还没有到起期"),
    BasisState.IN_FORCE: Saying("生效中"),
    BasisState.OVER: Saying("已到期"),
    BasisState.ENDED: Saying("已终止"),
}


def basis_state(*, since: date, until: date, approved: bool | None, ended_at: datetime | None, on: date) -> BasisState:
    """How a sharing basis stands on a day. Ending it takes effect at once."""
    if not approved:
        return BasisState.WAITING if approved is None else BasisState.TURNED_DOWN
    if ended_at is not None:
        return BasisState.ENDED
    if on < since:
        return BasisState.NOT_STARTED
    return BasisState.IN_FORCE if on <= until else BasisState.OVER


def overlaps(since: date, until: date, others: Iterable[tuple[date, date]]) -> bool:
    """Whether a term shares a day with any of the others; both ends belong to a term."""
    return any(since <= other_until and other_since <= until for other_since, other_until in others)


def reaches(at: BranchId | None, place: BranchId | None, parents: Mapping[BranchId, BranchId | None]) -> bool:
    """Whether `place` is the branch `at` or hangs below it. None is the head office: everything hangs below it."""
    while at is not None and place != at:
        if place is None:
            return False
        place = parents[place]
    return True


def levels(place: BranchId | None, parents: Mapping[BranchId, BranchId | None]) -> int:
    """How many levels below the head office a branch is."""
    return 0 if place is None else 1 + levels(parents[place], parents)


# ── what is signed on line ───────────────────────────────────────────────────────────────────────────────────────────


class Side(StrEnum):
    """Who signs an agreement, or ends it."""

    INSTITUTION = "institution"
    PLATFORM = "platform"


class DraftState(StrEnum):
    """协议草稿, one edition."""

    OPEN = "open"  # for the institution's signature; may still be changed
    SIGNED = "signed"  # by the institution; the platform's signature is missing
    IN_FORCE = "in_force"  # both have signed
    REPLACED = "replaced"  # by a later edition
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # nobody signed in time


DRAFT_TITLES: Final = {
    DraftState.OPEN: Saying("等机构签字"),
    DraftState.SIGNED: Saying("等平台签字"),
    DraftState.IN_FORCE: Saying("双方已签"),
    DraftState.REPLACED: Saying("有了新的一稿"),
    DraftState.WITHDRAWN: Saying("已收回"),
    DraftState.LAPSED: Saying("过期未签"),
}


def draft_state(*, replaced: bool, withdrawn: bool, signed: frozenset[Side], last_day: date, on: date) -> DraftState:
    """How an edition stands on a day; `last_day` is the last on which it can be signed."""
    if signed == frozenset(Side):
        return DraftState.IN_FORCE
    if replaced or withdrawn:
        return DraftState.REPLACED if replaced else DraftState.WITHDRAWN
    if on > last_day:
        return DraftState.LAPSED
    return DraftState.SIGNED if Side.INSTITUTION in signed else DraftState.OPEN


class Ground(StrEnum):
    """Why an agreement is ended. The platform gives notice unless it is one of `AT_ONCE`; an institution may go."""

    NOTICE = "notice"
    BREACH = "breach"
    SECURITY = "security"
    LAW = "law"


GROUND_TITLES: Final = {
    Ground.NOTICE: Saying("不再需要"),
    Ground.BREACH: Saying("对方违约"),
    Ground.SECURITY: Saying("信息安全受到威胁"),
    Ground.LAW: Saying("法律要求"),
}
AT_ONCE: Final = frozenset({Ground.BREACH, Ground.SECURITY, Ground.LAW})


def earliest_end(side: Side, ground: Ground, *, today: date, notice_days: int) -> date:
    """The earliest last day an agreement may be ended on by this side for this reason."""
    notice = side is Side.PLATFORM and ground not in AT_ONCE
    return today + timedelta(days=notice_days if notice else 0)


# ── who asks to be let in ────────────────────────────────────────────────────────────────────────────────────────────


class ApplicationState(StrEnum):
    """入驻申请."""

    MADE = "made"
    ASKED = "asked"  # the applicant has to complete it
    PROPOSED = "proposed"  # one operator would admit it; another decides
    ADMITTED = "admitted"
    REFUSED = "refused"


APPLICATION_TITLES: Final = {
    ApplicationState.MADE: Saying("等平台办理"),
    ApplicationState.ASKED: Saying("等申请单位补充"),
    ApplicationState.PROPOSED: Saying("等另一位运营人员复核"),
    ApplicationState.ADMITTED: Saying("已准入"),
    ApplicationState.REFUSED: Saying("没有准入"),
}
# With whom the application waits, and the platform's clock runs.
WITH_PLATFORM: Final = frozenset({ApplicationState.MADE, ApplicationState.PROPOSED})
