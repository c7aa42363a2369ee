"""A line of a report in few words: what a person would read out, its sum, and no silence taken for good."""

from typing import Any

from xinqiao.portal import naming, showing

USCC = "91410402MA40TE5TXF"


def line(**values: Any) -> dict[str, Any]:
    return {
        "fact": 1,
        "values": values,
        "valid_from": "2026-09-29",
        "valid_to": None,
        "nature": "breach",
        "standing": "good",
        "source": "public_credit_platform",
        "delivery": 2,
        "line": 2,
        "received_on": "2026-11-28",
        "annotations": [],
    }


def shown(item: str, family: str = "administration", **values: Any) -> showing.Line:
    told = {"family": family, "items": [{"item": item, "codes": {}, "lines": [line(**values)]}]}
    [found] = showing.families([told], USCC)
    return found.lines[0]


def test_a_penalty_is_read_out_by_what_was_done_and_its_sum_is_the_fine() -> None:
    penalty = shown(
        "administrative_penalty", facts="未按规定保存监测记录", penalty_kind="2", fine="4200", confiscated="0"
    )
    assert "未按规定保存监测记录" in penalty.headline
    assert penalty.amount == "4,200.00 元"


def test_a_sum_of_nought_is_told_only_where_it_had_to_be_said() -> None:
    assert shown("administrative_penalty", facts="某事", fine="0").amount == ""
    assert shown("tax_declared_sales", "tax", period="2026-11", sales="0", tax_declared="0").amount == "0.00 元"


def test_a_family_nobody_delivered_to_is_not_said_to_hold_nothing() -> None:
    def source(state: str, *items: str, never: tuple[str, ...] = ()) -> dict[str, Any]:
        return {"state": state, "items": list(items), "never": [{"item": name} for name in never]}

    report = {
        "summary": [{"family": name, "facts": 0} for name in ("judicial", "ecology", "tax", "real_estate")],
        "sources": [
            source("silent", "judgment_defaulter", never=("judgment_defaulter",)),
            source("answered", "environmental_rating"),
            source("answered", "tax_credit_level", "tax_arrears", never=("tax_arrears",)),
            source("stale", "real_estate_mortgage"),
        ],
    }
    titles = {name: naming.family(name) for name in ("judicial", "ecology", "tax", "real_estate")}
    assert showing.empty_families(report, heard=True) == f"{titles['ecology']}、{titles['real_estate']}"
    assert showing.empty_families(report, heard=False) == f"{titles['judicial']}、{titles['tax']}"
