"""What each department would know about one business: rows by field name, before anybody spoils or encodes them.

Each function is one item of the catalogue, takes a business and the day the city is looked at, and yields its rows.
Codes are given by the title a person would say; `make` turns them into what the city's code list has.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.kernel.uscc import check_character, organisation_check_character
from xinqiao_city import codes, invented
from xinqiao_city.population import Business

Row = dict[str, str]


@dataclass(frozen=True)
class Said:
    """A code by its title; a department sends whatever its own list has for it."""

    title: str


Values = Mapping[str, "str | Said"]

# Stands beside a row that the law does not let a platform take in: the field that shows it. Departments do send them.
UNLAWFUL: Final = "!"


def _chance(business: Business, item: str) -> random.Random:
    return random.Random(f"{item}:{business.uscc}")


def _between(rng: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randrange(max(1, (last - first).days)))


def _back(rng: random.Random, today: date, days: int, business: Business) -> date:
    """A day within the last `days`, not before the business existed."""
    return _between(rng, max(business.established + timedelta(days=20), today - timedelta(days=days)), today)


def _who(business: Business) -> dict[str, str | Said]:
    return {"subject_name": business.name, "uscc": str(business.uscc)}


def _yuan(amount: float) -> str:
    return f"{amount:.2f}"


def _wan(amount_yuan: float) -> str:
    return f"{amount_yuan / 10_000:.6f}"


def in_trouble(business: Business) -> bool:
    return business.soundness < 0.45


# ── 注册登记 ─────────────────────────────────────────────────────────────────────────────────────────────────────────

ENTITY_TYPES: Final = {
    SubjectKind.ENTERPRISE: ("有限责任公司", "有限责任公司", "有限责任公司", "个人独资企业", "合伙企业"),
    SubjectKind.INDIVIDUAL_BUSINESS: ("个体工商户",),
    SubjectKind.COOPERATIVE: ("农民专业合作社",),
}


def registration_basics(b: Business, today: date) -> Iterator[Values]:
    if b.kind is SubjectKind.RURAL_COLLECTIVE:
        return
    rng = _chance(b, "registration_basics")
    status = "存续"
    if b.soundness < 0.27:
        status = rng.choice(("吊销未注销", "存续", "歇业"))
    yield _who(b) | {
        "entity_type": Said(rng.choice(ENTITY_TYPES[b.kind])),
        "status": Said(status),
        "legal_person_name": b.head,
        "reg_capital": f"{b.capital_wan}.000000",
        "capital_currency": Said("人民币"),
        "established_on": b.established.isoformat(),
        "approved_on": _back(rng, today, 900, b).isoformat(),
        "term_from": b.established.isoformat(),
        "term_to": "9999-09-09"
        if rng.random() < 0.5
        else b.established.replace(year=b.established.year + 30, day=1).isoformat(),
        "address": invented.address(rng, b.county.title, b.rural),
        "domicile_division": b.county.code,
        "industry_code": b.trade.industry,
        "business_scope": f"许可项目以外：{b.trade.scope}（依法须经批准的项目，经批准后方可开展经营活动）",
        "reg_authority": f"{b.county.title}市场监督管理局",
    }


def individual_business(b: Business, _today: date) -> Iterator[Values]:
    if b.kind is not SubjectKind.INDIVIDUAL_BUSINESS:
        return
    rng = _chance(b, "individual_business")
    yield _who(b) | {
        "operator_name": b.head,
        "compform": Said("家庭经营" if rng.random() < 0.2 else "个人经营"),
        "premises": invented.address(rng, b.county.title, b.rural),
        "business_scope": b.trade.scope,
        "status": Said("存续"),
        "tier_class": Said("发展型" if b.soundness > 0.9 else "成长型" if b.soundness > 0.7 else "生存型"),
    }


def cooperative(b: Business, _today: date) -> Iterator[Values]:
    if b.kind is not SubjectKind.COOPERATIVE:
        return
    rng = _chance(b, "cooperative")
    members = rng.choice((5, 8, 12, 25, 50, 106, 180))
    values = _who(b) | {
        "members_total": str(members),
        "farmer_members": str(members - rng.randrange(0, max(1, members // 10))),
        "capital_total": f"{b.capital_wan}.000000",
        "legal_person_name": b.head,
        "is_union": "是" if rng.random() < 0.02 else "否",
    }
    if b.soundness > 0.85:
        values["demonstration_level"] = Said(rng.choice(("省级", "市级", "市级", "县级", "县级")))
    yield values


def rural_collective(b: Business, _today: date) -> Iterator[Values]:
    if b.kind is not SubjectKind.RURAL_COLLECTIVE:
        return
    rng = _chance(b, "rural_collective")
    yield _who(b) | {
        "level": Said({"1": "组级", "2": "村级", "3": "乡镇级"}[b.level]),
        "certificate_no": f"N{b.county.code}{b.number:06d}",
        "term_to": b.established.replace(year=b.established.year + 10, day=1).isoformat(),
        "legal_person_name": b.head,
        "members": str(rng.randint(180, 3_600)),
        "collective_assets": _yuan(rng.lognormvariate(13.5, 1.0)),
        "domicile_division": b.county.code,
        "established_on": b.established.isoformat(),
        "reg_authority": f"{b.county.title}农业农村局",
    }


def registration_exit(b: Business, today: date) -> Iterator[Values]:
    rng = _chance(b, "registration_exit")
    if b.kind is SubjectKind.RURAL_COLLECTIVE or b.soundness > 0.27:
        return
    kind = rng.choice(("注销", "吊销", "吊销"))
    yield _who(b) | {
        "exit_type": Said(kind),
        "exit_on": _back(rng, today, 500, b).isoformat(),
        "reason": "连续六个月以上未经营" if kind == "吊销" else "经营者自行申请",
        "decided_by": f"{b.county.title}市场监督管理局",
    }


# ── 司法 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def judgment_defaulter(b: Business, today: date) -> Iterator[Values]:
    rng = _chance(b, "judgment_defaulter")
    if b.kind is SubjectKind.RURAL_COLLECTIVE or b.soundness > 0.33 or rng.random() < 0.35:
        return
    filed = _back(rng, today, 1_000, b)
    court = f"{b.county.title}人民法院"
    owed = rng.lognormvariate(11.5, 1.1)
    values = _who(b) | {
        "case_no": f"（{filed.year}）豫{b.county.code[-4:]}执{rng.randint(1, 3999)}号",
        "court": court,
        "filed_on": filed.isoformat(),
        "basis_no": f"（{filed.year - 1}）豫{b.county.code[-4:]}民初{rng.randint(1, 5999)}号",
        "basis_unit": court,
        "duty": f"偿还借款本金{owed:.2f}元及利息",
        "performance": Said("全部未履行" if rng.random() < 0.7 else "部分未履行"),
        "behaviour": "有履行能力而拒不履行生效法律文书确定义务",
        "published_on": min(today, filed + timedelta(days=rng.randint(30, 120))).isoformat(),
        "legal_person_name": b.head,
    }
    yield values


# ── 纳税 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def pays_tax_by_books(b: Business) -> bool:
    return b.kind is SubjectKind.ENTERPRISE or (b.kind is SubjectKind.INDIVIDUAL_BUSINESS and b.staff >= 3)


def tax_credit_level(b: Business, today: date) -> Iterator[Values]:
    if b.kind is not SubjectKind.ENTERPRISE or b.established.year >= today.year - 1:
        return
    rng = _chance(b, "tax_credit_level")
    score = max(12.0, min(100.0, 45 + 55 * b.soundness + rng.gauss(0, 5)))
    level = "A" if score >= 90 else "B" if score >= 70 else "C" if score >= 40 else "D"
    if level == "B" and (today - b.established).days < 3 * 365:
        level = "M"
    yield _who(b) | {
        "taxpayer_id": str(b.uscc),
        "year": str(today.year - 1),
        "grade": Said(level),
        "score": f"{score:.1f}",
        "evaluated_on": date(today.year, 4, 28).isoformat(),
        "evaluator": f"国家税务总局{b.county.title}税务局",
        "valid_to": date(today.year + 1, 4, 27).isoformat(),
    }


def monthly_sales(b: Business, month: date) -> float:
    """Yuan of one month: by staff and soundness, with the season in it."""
    rng = _chance(b, f"sales:{month:%Y%m}")
    season = 1 + 0.15 * ((month.month in (1, 2, 9, 10)) - (month.month in (6, 7)))
    return b.staff * 21_000 * (0.4 + b.soundness) * season * rng.lognormvariate(0, 0.25)


def tax_declared_sales(b: Business, month: date) -> Iterator[Values]:
    if not pays_tax_by_books(b) or b.soundness < 0.2 or b.established > month:
        return
    sales = monthly_sales(b, month)
    exempt = sales if b.trade.industry.startswith("A") else 0.0
    yield _who(b) | {
        "period": f"{month:%Y-%m}",
        "sales": _yuan(sales),
        "exempt_sales": _yuan(exempt),
        "tax_declared": _yuan((sales - exempt) * 0.031),
    }


def tax_arrears(b: Business, today: date) -> Iterator[Values]:
    rng = _chance(b, "tax_arrears")
    if not pays_tax_by_books(b) or b.soundness > 0.5 or rng.random() < 0.55:
        return
    owed = rng.lognormvariate(9.2, 1.3)
    settled = rng.random() < 0.35
    yield (
        _who(b)
        | {
            "taxpayer_id": str(b.uscc),
            "tax_kind": Said(rng.choice(("增值税", "增值税", "企业所得税", "城市维护建设税"))),
            "arrears_balance": _yuan(0 if settled else owed),
            "new_arrears": _yuan(owed if rng.random() < 0.4 else 0),
            "notice_no": f"{today.year}年第{(today.month - 1) // 3 + 1}期",
            "notice_on": (today - timedelta(days=rng.randint(10, 40))).isoformat(),
            "authority": f"国家税务总局{b.county.title}税务局",
        }
        | ({"settled_on": (today - timedelta(days=rng.randint(1, 9))).isoformat()} if settled else {})
    )


# ── 社会保险费和住房公积金 ───────────────────────────────────────────────────────────────────────────────────────────


def insured_headcount(b: Business, month: date) -> Iterator[Values]:
    if b.kind is not SubjectKind.ENTERPRISE or b.staff < 2 or b.established > month or b.soundness < 0.12:
        return
    rng = _chance(b, f"insured:{month:%Y%m}")
    yield _who(b) | {
        "period": f"{month:%Y-%m}",
        "insured_total": str(max(1, round(b.staff * (0.5 + 0.5 * b.soundness) + rng.choice((-1, 0, 0, 1))))),
        "unit_nature": Said("企业"),
        "industry": b.trade.industry[:1],
    }


# ── 生态 · 不动产 ────────────────────────────────────────────────────────────────────────────────────────────────────


def environmental_rating(b: Business, today: date) -> Iterator[Values]:
    if b.kind is not SubjectKind.ENTERPRISE or b.trade.industry[0] not in "BCD":
        return
    rng = _chance(b, "environmental_rating")
    score = max(20.0, min(100.0, 55 + 45 * b.soundness + rng.gauss(0, 6)))
    yield _who(b) | {
        "batch": str(today.year - 1),
        "grade": Said("绿牌" if score >= 90 else "蓝牌" if score >= 70 else "黄牌" if score >= 50 else "红牌"),
        "score": f"{score:.1f}",
        "evaluator": "平顶山市生态环境局",
        "published_on": date(today.year, 5, 20).isoformat(),
        "valid_to": date(today.year + 1, 5, 19).isoformat(),
    }


def real_estate_mortgage(b: Business, today: date) -> Iterator[Values]:
    rng = _chance(b, "real_estate_mortgage")
    if b.kind is not SubjectKind.ENTERPRISE or b.capital_wan < 200 or rng.random() < 0.8:
        return
    since = _back(rng, today, 1_200, b)
    yield _who(b) | {
        "unit_no": f"{b.county.code}{rng.randint(1, 999):03d}GB{rng.randint(1, 99999):05d}F{rng.randint(1, 9999):08d}",
        "mortgage_no": f"豫（{since.year}）平顶山市不动产证明第{rng.randint(1, 99999):07d}号",
        "mortgagee": rng.choice(("平顶山示例银行股份有限公司", "中原示例银行股份有限公司平顶山分行")),
        "secured_amount": _wan(rng.lognormvariate(15, 0.8)),
        "kind": Said(rng.choice(("一般抵押", "最高额抵押"))),
        "from": since.isoformat(),
        "to": since.replace(year=since.year + 3, day=1).isoformat(),
        "status": Said("现势"),
    }


# ── 行政管理 ─────────────────────────────────────────────────────────────────────────────────────────────────────────

BUREAUS: Final = (
    # short name, who decides, its code, what it licenses, what it penalises, basis
    ("市监", "市场监督管理局", "食品经营许可", "未按规定明码标价", "《中华人民共和国价格法》第十三条"),
    ("环", "生态环境局", "排污许可", "未按规定保存原始监测记录", "《排污许可管理条例》第三十七条"),
    (
        "应急",
        "应急管理局",
        "危险化学品经营许可",
        "未如实记录安全生产教育和培训情况",
        "《中华人民共和国安全生产法》第九十七条",
    ),
    ("交运", "交通运输局", "道路运输经营许可", "未按规定维护营运车辆", "《中华人民共和国道路运输条例》第七十条"),
    (
        "城管",
        "城市管理局",
        "户外广告设置许可",
        "擅自设置户外广告设施",
        "《河南省城市市容和环境卫生管理条例》第三十六条",
    ),
)


def _authority(rng: random.Random, b: Business) -> tuple[str, str, str, str, str, str]:
    short, bureau, licence, wrong, basis = rng.choice(BUREAUS)
    serial = 900_000_000 % 31**6 + int(b.county.code) * 7 + BUREAUS.index((short, bureau, licence, wrong, basis))
    return short, f"{b.county.title}{bureau}", _body_code(b.county.code, serial), licence, wrong, basis


def _body_code(division: str, serial: int) -> str:
    """A valid code for an authority (机关, department 1)."""
    body = f"{serial % 10**8:08d}"
    first17 = "11" + division + body + organisation_check_character(body)
    return first17 + check_character(first17)


def _counterpart(b: Business) -> dict[str, str | Said]:
    person = b.kind is SubjectKind.INDIVIDUAL_BUSINESS
    return {
        "xdr_name": b.name,
        "xdr_type": Said("个体工商户" if person else "法人及非法人组织"),
        "uscc": str(b.uscc),
        "legal_person_name": b.head,
    }


def administrative_licence(b: Business, today: date) -> Iterator[Values]:
    rng = _chance(b, "administrative_licence")
    if b.kind is SubjectKind.RURAL_COLLECTIVE:
        return
    for n in range(rng.choices((0, 1, 2, 3), weights=(45, 40, 12, 3))[0]):
        short, authority, code, licence, _, _ = _authority(rng, b)
        decided = _back(rng, today, 1_500, b)
        until = decided + timedelta(days=5 * 365)
        yield _counterpart(b) | {
            "doc_name": "准予行政许可决定书",
            "doc_no": f"平{short}许字〔{decided.year}〕{b.number:05d}{n}号",
            "licence_kind": Said("普通"),
            "cert_name": f"{licence}证",
            "licence_no": f"XK{b.number:06d}{n}",
            "content": f"准予{licence}",
            "decided_on": decided.isoformat(),
            "valid_from": decided.isoformat(),
            "valid_to": until.isoformat(),
            "authority": authority,
            "authority_uscc": code,
            "current_status": Said("有效"),
            "source_unit": authority,
            "source_unit_uscc": code,
        }


def _penalties(rng: random.Random, severity: str) -> tuple[str, ...]:
    """As they stand in one cell of a real file: nearly one in four decisions imposes more than one."""
    match severity:
        case "轻微":
            return rng.choices((("警告",), ("通报批评",), ("警告", "通报批评")), weights=(80, 15, 5))[0]
        case "一般":
            both = (("罚款",), ("警告", "罚款"), ("没收违法所得", "罚款"))
            return rng.choices(both, weights=(70, 18, 12))[0]
        case _:
            return rng.choices((("罚款",), ("罚款", "吊销许可证"), ("罚款", "责令停产停业")), weights=(60, 25, 15))[0]


def _in_words(kind: str, fine: float, gain: float) -> str:
    return {"罚款": f"罚款{fine:,.0f}元", "没收违法所得": f"没收违法所得{gain:,.0f}元"}.get(kind, kind)


def administrative_penalty(b: Business, today: date) -> Iterator[Values]:
    rng = _chance(b, "administrative_penalty")
    if b.kind is SubjectKind.RURAL_COLLECTIVE:
        return
    often = 0.9 if b.soundness < 0.3 else 0.35 if b.soundness < 0.6 else 0.06
    count = (rng.random() < often) + (rng.random() < often / 3)
    for n in range(count):
        short, authority, code, _, wrong, basis = _authority(rng, b)
        decided = _back(rng, today, 1_100, b)
        severity = rng.choices(("轻微", "一般", "严重"), weights=(30, 60, 10))[0]
        fine = {
            "轻微": 0.0,
            "一般": rng.choice((2_000, 5_000, 10_000, 30_000, 42_000)),
            "严重": rng.choice((200_000, 350_000)),
        }[severity]
        months = {"轻微": 3, "一般": 12, "严重": 36}[severity]
        kinds = _penalties(rng, severity)
        gain = rng.choice((1_000, 3_600, 12_000)) if "没收违法所得" in kinds else 0.0
        yield (
            _counterpart(b)
            | {
                "doc_no": f"平{short}罚决字〔{decided.year}〕{b.number:05d}{n}号",
                "violation_kind": wrong,
                "facts": f"当事人在经营中{wrong}",
                "basis": basis,
                "penalty_kind": rng.choice("、、、；,").join(kinds),
                "content": "，".join(_in_words(kind, fine, gain) for kind in kinds),
                "fine": _wan(fine),
                "confiscated": _wan(gain),
                "decided_on": decided.isoformat(),
                "valid_to": (decided + timedelta(days=365 * 3)).isoformat(),
                "publish_until": (decided + timedelta(days=30 * months)).isoformat(),
                "authority": authority,
                "authority_uscc": code,
                "source_unit": authority,
                "source_unit_uscc": code,
                "severity": Said(severity),
                "procedure": Said("简易程序" if severity == "轻微" else "普通程序"),
                "is_final": "是" if (today - decided).days > 180 else "否",
            }
            | ({UNLAWFUL: "procedure"} if severity == "轻微" and b.kind is SubjectKind.INDIVIDUAL_BUSINESS else {})
        )


def abnormal_operation(b: Business, today: date) -> Iterator[Values]:
    rng = _chance(b, "abnormal_operation")
    if b.kind not in (SubjectKind.ENTERPRISE, SubjectKind.COOPERATIVE) or b.soundness > 0.52 or rng.random() < 0.5:
        return
    listed = _back(rng, today, 900, b)
    authority = f"{b.county.title}市场监督管理局"
    values = _who(b) | {
        "list_id": f"YC{b.county.code}{b.number:07d}",
        "listed_on": listed.isoformat(),
        "listed_reason": Said(rng.choice(("未按规定公示年度报告", "通过登记的住所或者经营场所无法联系"))),
        "listed_by": authority,
    }
    if rng.random() < 0.4:
        values |= {
            "removed_on": min(today, listed + timedelta(days=rng.randint(20, 300))).isoformat(),
            "removed_reason": "已补报年度报告并公示",
            "removed_by": authority,
        }
    yield values


HONOURS: Final = (
    ("农业产业化龙头企业", "市级", "平顶山市人民政府"),
    ("守合同重信用企业", "市级", "平顶山市市场监督管理局"),
    ("诚信经营示范店", "县级", "县消费者协会"),
    ("五一劳动奖状", "省级", "河南省总工会"),
)


def honour(b: Business, today: date) -> Iterator[Values]:
    rng = _chance(b, "honour")
    if b.soundness < 0.86 or rng.random() < 0.75:
        return
    title, level, giver = rng.choice(HONOURS)
    granted = _back(rng, today, 1_000, b)
    yield _who(b) | {
        "honour": title,
        "level": Said(level),
        "granted_on": granted.isoformat(),
        "granted_by": giver,
        "valid_to": (granted + timedelta(days=3 * 365)).isoformat(),
    }


# ── 水电气 · 科技研发 · 金融资产交易 · 公共资源交易 ──────────────────────────────────────────────────────────────────


def electricity_arrears(b: Business, month: date) -> Iterator[Values]:
    rng = _chance(b, f"electricity:{month:%Y%m}")
    if b.soundness > 0.55 or rng.random() < 0.6:
        return
    settled = rng.random() < 0.3
    yield (
        _who(b)
        | {
            "account_no": f"41{b.number:08d}",
            "period": f"{month:%Y-%m}",
            "bill_no": f"DF{month:%Y%m}{b.number:07d}",
            "overdue_periods": str(rng.choice((1, 1, 2, 3))),
            "amount": _yuan(rng.lognormvariate(6.5, 1.0)),
            "confirmed": "是" if rng.random() < 0.3 else "否",
        }
        | ({"settled_on": (month + timedelta(days=rng.randint(25, 29))).isoformat()} if settled else {})
    )


def high_tech_enterprise(b: Business, today: date) -> Iterator[Values]:
    rng = _chance(b, "high_tech_enterprise")
    if (
        b.kind is not SubjectKind.ENTERPRISE
        or b.trade.industry[0] not in "CI"
        or b.soundness < 0.75
        or rng.random() < 0.6
    ):
        return
    issued = _back(rng, today, 1_000, b)
    yield _who(b) | {
        "cert_no": f"GR{issued.year}41{b.number % 1_000_000:06d}",
        "issued_on": issued.isoformat(),
        "valid_to": issued.replace(year=issued.year + 3, day=1).isoformat(),
        "authority": "河南省科学技术厅",
        "field": Said("电子信息" if b.trade.industry[0] == "I" else "先进制造与自动化"),
    }


def small_business_directory(b: Business, today: date) -> Iterator[Values]:
    """By staff alone, which is how small ones are told apart in most trades."""
    if b.kind not in {SubjectKind.ENTERPRISE, SubjectKind.INDIVIDUAL_BUSINESS, SubjectKind.COOPERATIVE}:
        return
    scale = "微型" if b.staff < 20 else "小型" if b.staff < 300 else "中型"
    yield _who(b) | {
        "industry_section": b.trade.industry[0],
        "industry_code": b.trade.industry,
        "scale": Said(scale),
        "listed_on": max(b.established, today.replace(month=1, day=1)).isoformat(),
    }


def government_guarantee(b: Business, today: date) -> Iterator[Values]:
    rng = _chance(b, "government_guarantee")
    if b.soundness < 0.5 or b.kind is SubjectKind.RURAL_COLLECTIVE or rng.random() < 0.95:
        return
    since = _back(rng, today, 600, b)
    yield _who(b) | {
        "guarantor": "平顶山示例融资担保有限公司",
        "contract_no": f"DB{since.year}{b.number:06d}",
        "bank": "平顶山示例银行股份有限公司",
        "amount": _wan(rng.choice((100_000, 300_000, 500_000, 1_000_000, 3_000_000))),
        "from": since.isoformat(),
        "to": since.replace(year=since.year + 1, day=1).isoformat(),
        "compensated": "0.000000",
        "recovered": "0.000000",
        "status": Said("在保"),
    }


def tender_award(b: Business, today: date) -> Iterator[Values]:
    rng = _chance(b, "tender_award")
    if (
        b.kind is not SubjectKind.ENTERPRISE
        or b.trade.industry[0] not in "EIMLF"
        or b.soundness < 0.6
        or rng.random() < 0.85
    ):
        return
    for n in range(rng.choice((1, 1, 2))):
        awarded = _back(rng, today, 700, b)
        yield _who(b) | {
            "project_no": f"PDSGZ-{awarded.year}-{b.number:05d}{n}",
            "section": f"第{rng.randint(1, 3)}标段",
            "award_price": _yuan(rng.lognormvariate(13.2, 1.1)),
            "awarded_on": awarded.isoformat(),
            "tenderee": f"{b.county.title}{rng.choice(('教育体育局', '住房和城乡建设局', '水利局', '卫生健康委员会'))}",
            "duration": f"{rng.choice((30, 60, 90, 180))}日历天",
            "consortium": "否",
        }


ItemRows = Callable[[Business, date], Iterator[Values]]


def someone_else(rng: random.Random, code: str) -> str:
    """A valid code of the same sort that nobody in this city bears: of another place, or not yet registered."""
    return str(codes.uscc(code[:2], "411002", rng.randrange(31**6)))
