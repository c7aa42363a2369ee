"""The businesses of an invented city: kinds, counties, trades, sizes and how well each of them is doing.

Shares are rounded from what such a city reports (about seven in ten market entities are individual businesses);
sizes are skewed as real ones are: many small, few large. Nothing here claims to be a statistic.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.kernel.uscc import Uscc
from xinqiao_city import codes, invented

KINDS: Final = {
    SubjectKind.INDIVIDUAL_BUSINESS: 0.655,
    SubjectKind.ENTERPRISE: 0.265,
    SubjectKind.COOPERATIVE: 0.045,
    SubjectKind.RURAL_COLLECTIVE: 0.035,
}
CATEGORY: Final = {
    SubjectKind.ENTERPRISE: "91",
    SubjectKind.INDIVIDUAL_BUSINESS: "92",
    SubjectKind.COOPERATIVE: "93",
}


@dataclass(frozen=True)
class County:
    code: str
    title: str
    share: float
    rural: float  # share of addresses in villages


COUNTIES: Final = (
    County("410402", "新华区", 0.13, 0.08),
    County("410403", "卫东区", 0.13, 0.06),
    County("410404", "石龙区", 0.02, 0.30),
    County("410411", "湛河区", 0.12, 0.12),
    County("410421", "宝丰县", 0.11, 0.45),
    County("410422", "叶县", 0.12, 0.55),
    County("410423", "鲁山县", 0.11, 0.60),
    County("410425", "郏县", 0.09, 0.50),
    County("410481", "舞钢市", 0.06, 0.40),
    County("410482", "汝州市", 0.11, 0.45),
)


@dataclass(frozen=True)
class Trade:
    """A line of business: its GB/T 4754-2017 class, what its names end in, and its weight in each kind of subject."""

    industry: str
    word: str
    scope: str
    enterprise: float
    individual: float


TRADES: Final = (
    Trade("F5211", "超市", "食品、日用百货零售", 2, 14),
    Trade("F5212", "商贸", "五金交电、建材、日用百货销售", 12, 8),
    Trade("F5231", "服装店", "服装、鞋帽零售", 1, 9),
    Trade("F5251", "大药房", "药品、医疗器械零售", 2, 3),
    Trade("F5137", "建材", "建筑材料、装饰材料批发与零售", 7, 6),
    Trade("F5121", "农产品", "农副产品收购、批发", 5, 3),
    Trade("F5261", "汽车销售", "汽车及零配件销售", 3, 1),
    Trade("H6210", "餐馆", "餐饮服务", 3, 16),
    Trade("H6291", "小吃店", "小吃服务", 0, 11),
    Trade("H6120", "宾馆", "住宿服务", 1, 2),
    Trade("O8040", "理发店", "理发及美容服务", 0, 7),
    Trade("O8111", "汽车维修", "汽车修理与维护", 2, 5),
    Trade("G5430", "运输", "道路货物运输", 6, 6),
    Trade("C1391", "食品", "食品加工、销售", 5, 2),
    Trade("C3311", "金属制品", "金属结构制造", 5, 1),
    Trade("C2524", "煤化工", "煤制品制造、销售", 2, 0),
    Trade("C3075", "汝瓷", "陶瓷工艺品制造、销售", 2, 2),
    Trade("C2927", "塑料制品", "日用塑料制品制造", 3, 1),
    Trade("C3821", "电气", "变压器、电气设备制造", 4, 0),
    Trade("B0610", "矿业", "煤炭洗选、销售", 1, 0),
    Trade("E4710", "建筑工程", "房屋建筑工程施工", 9, 0),
    Trade("E5011", "装饰工程", "建筑装饰工程设计、施工", 6, 1),
    Trade("I6513", "软件", "软件开发、信息技术服务", 5, 0),
    Trade("L7259", "广告传媒", "广告设计、制作、发布", 5, 1),
    Trade("M7484", "工程设计", "工程设计、咨询", 3, 0),
    Trade("P8391", "培训", "职业技能培训", 2, 1),
    Trade("A0111", "种植", "小麦、玉米种植", 2, 0),
    Trade("A0313", "养殖", "生猪、家禽养殖", 2, 0),
)
FARMING: Final = (
    Trade("A0111", "种植", "组织成员种植小麦、玉米，提供技术服务", 4, 0),
    Trade("A0141", "蔬菜", "组织成员种植蔬菜，统一采购农资、销售产品", 3, 0),
    Trade("A0151", "林果", "组织成员种植葡萄、梨，统一销售", 2, 0),
    Trade("A0313", "养殖", "组织成员养殖生猪、肉牛，统一采购饲料", 3, 0),
    Trade("A0511", "农机", "为成员提供农机作业服务", 3, 0),
    Trade("A0170", "中药材", "组织成员种植丹参、艾草，统一销售", 1, 0),
)
SHOP: Final = ("经营部", "商行", "店", "门市部", "经营部")
COLLECTIVE: Final = Trade("S9600", "股份经济合作社", "集体资产经营与管理、集体资源开发与利用、农业生产发展与服务", 1, 0)


@dataclass(frozen=True)
class Business:
    """One invented business. `soundness` is 0 (failing) to 1 (thriving); faults and honours are drawn from it."""

    number: int
    uscc: Uscc
    kind: SubjectKind
    name: str
    county: County
    rural: bool
    trade: Trade
    established: date
    staff: int
    capital_wan: int
    head: str
    soundness: float
    level: str = ""  # of a rural collective: 组 1, 村 2, 乡镇 3

    @property
    def alone(self) -> random.Random:
        """Chance that depends on this business only, so that one item's rows never move another's."""
        return random.Random(f"{self.uscc}")


def _trade(rng: random.Random, kind: SubjectKind) -> Trade:
    match kind:
        case SubjectKind.ENTERPRISE:
            return rng.choices(TRADES, weights=[t.enterprise for t in TRADES])[0]
        case SubjectKind.INDIVIDUAL_BUSINESS:
            return rng.choices(TRADES, weights=[t.individual for t in TRADES])[0]
        case SubjectKind.COOPERATIVE:
            return rng.choices(FARMING, weights=[t.enterprise for t in FARMING])[0]
        case SubjectKind.RURAL_COLLECTIVE:
            return COLLECTIVE


def _staff(rng: random.Random, kind: SubjectKind) -> int:
    """Persons at work: log-normal, with medians near 1, 6, 8 and 5."""
    middle, spread = {
        SubjectKind.INDIVIDUAL_BUSINESS: (0.3, 0.7),
        SubjectKind.ENTERPRISE: (1.8, 1.2),
        SubjectKind.COOPERATIVE: (2.1, 0.7),
        SubjectKind.RURAL_COLLECTIVE: (1.6, 0.4),
    }[kind]
    return max(1, min(8_000, round(rng.lognormvariate(middle, spread))))


def _capital(rng: random.Random, kind: SubjectKind, staff: int) -> int:
    if kind is SubjectKind.INDIVIDUAL_BUSINESS:
        return rng.choice((1, 2, 3, 5, 5, 10, 20))
    if kind is SubjectKind.COOPERATIVE:
        return rng.choice((30, 50, 100, 100, 200, 300, 500))
    steps = (10, 50, 50, 100, 100, 200, 300, 500, 500, 1000, 2000, 5000)
    return rng.choice(steps) * (4 if staff > 150 else 1)


def _established(rng: random.Random, kind: SubjectKind, today: date) -> date:
    """Half of all businesses are younger than five years; rural collectives were registered from 2018 on."""
    if kind is SubjectKind.RURAL_COLLECTIVE:
        return date(2018, 3, 1) + timedelta(days=rng.randrange(1_700))
    years = min(32.0, rng.expovariate(1 / 6.5))
    return today - timedelta(days=30 + int(years * 365))


def _name(rng: random.Random, kind: SubjectKind, county: County, trade: Trade, rural: bool) -> str:
    place = county.title if rng.random() < 0.6 else "平顶山市"
    match kind:
        case SubjectKind.ENTERPRISE:
            place = place if rng.random() < 0.7 else rng.choice(("河南", "平顶山"))
            return f"{place}{invented.brand(rng)}{trade.word}有限{'责任' if rng.random() < 0.2 else ''}公司"
        case SubjectKind.INDIVIDUAL_BUSINESS:
            sort = "（个体工商户）" if rng.random() < 0.35 else ""
            word = trade.word if trade.word.endswith(("店", "馆", "房", "超市")) else trade.word + rng.choice(SHOP)
            return f"{county.title}{invented.brand(rng)}{word}{sort}"
        case SubjectKind.COOPERATIVE:
            return f"{county.title}{invented.brand(rng)}{trade.word}农民专业合作社"
        case SubjectKind.RURAL_COLLECTIVE:
            return f"{county.title}{rng.choice(invented.VILLAGES)}镇{rng.choice(invented.VILLAGES)}村{trade.word}"


def people(subjects: int, seed: int, today: date) -> Iterator[Business]:
    """`subjects` businesses, the same ones for the same seed and day."""
    rng = random.Random(f"city:{seed}")
    names: set[str] = set()
    for number in range(subjects):
        business = _one(rng, number, seed, today)
        while business.name in names:  # two firms of one name in one city would not be registered
            business = _renamed(rng, business)
        names.add(business.name)
        yield business


def _serial(number: int, seed: int) -> int:
    """Numbers scattered over the whole range, so that neighbours in the list are no neighbours in code."""
    return (number + 1 + seed * 1_000_003) * 700_001_407 % 31**6


def _one(rng: random.Random, number: int, seed: int, today: date) -> Business:
    kind = rng.choices(list(KINDS), weights=list(KINDS.values()))[0]
    county = rng.choices(COUNTIES, weights=[c.share for c in COUNTIES])[0]
    level = rng.choices(("1", "2", "3"), weights=(5, 90, 5))[0] if kind is SubjectKind.RURAL_COLLECTIVE else ""
    rural = kind in (SubjectKind.COOPERATIVE, SubjectKind.RURAL_COLLECTIVE) or rng.random() < county.rural
    trade = _trade(rng, kind)
    staff = _staff(rng, kind)
    return Business(
        number=number,
        uscc=codes.uscc(CATEGORY.get(kind, f"N{level}"), county.code, _serial(number, seed)),
        kind=kind,
        name=_name(rng, kind, county, trade, rural),
        county=county,
        rural=rural,
        trade=trade,
        established=_established(rng, kind, today),
        staff=staff,
        capital_wan=_capital(rng, kind, staff),
        head=invented.person(rng),
        soundness=rng.betavariate(5, 1.6),
        level=level,
    )


def _renamed(rng: random.Random, business: Business) -> Business:
    return replace(business, name=_name(rng, business.kind, business.county, business.trade, business.rural))
