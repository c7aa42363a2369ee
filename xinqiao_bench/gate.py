"""The gate: 1,000,000 rows × 15 columns read, judged by about 20 rules, parted into accepted, waiting and rejected.

Held against a Polars scan of the same file that materialises every column as text. Both run in processes of their own;
CPU is counted from after the imports, memory over the whole process. The file has thirteen kinds of fault, duplicates
and codes nobody bears, and the gate must find exactly those.
"""

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any, Final

from xinqiao_bench.measures import Measure

ROWS: Final = 1_000_000
OF_A_KIND: Final = 5_000  # rows with each fault, duplicates, and codes nobody bears
ROUNDS: Final = 3
GOAL_CPU: Final = 12.0
GOAL_MEMORY: Final = 1024.0  # MB
ON: Final = "2026-11-01"

# Title, type and rules of each column: with the checks below, 20 rules beside the types' own.
FIELDS: Final[dict[str, dict[str, Any]]] = {
    "uscc": {"title": "统一社会信用代码", "type": "uscc", "required": "true"},
    "name": {"title": "纳税人名称", "type": "text", "required": "true", "max_length": "60"},
    "person": {"title": "法定代表人", "type": "person_name", "required": "true", "max_length": "20"},
    "id": {"title": "证件号码", "type": "id_number", "required": "true"},
    "industry": {"title": "行业代码", "type": "text", "pattern": r"[A-T]?\d{2,4}", "reference": "industry"},
    "division": {"title": "行政区划", "type": "text", "required": "true", "reference": "division"},
    "number": {"title": "文书号", "type": "text", "required": "true", "pattern": r"平税〔\d{4}〕\d{7}号"},
    "declared": {"title": "申报日期", "type": "date", "required": "true", "not_before": "2000-01-01"},
    "paid": {"title": "入库日期", "type": "date"},
    "month": {"title": "所属期", "type": "month", "required": "true"},
    "amount": {"title": "计税金额", "type": "money_yuan", "at_least": "0", "at_most": "100000000000"},
    "tax": {"title": "税额", "type": "money_yuan", "required": "true", "at_least": "0"},
    "total": {"title": "合计", "type": "money_yuan", "required": "true"},
    "kind": {"title": "税种", "type": "code", "codes": "tax_kind", "required": "true"},
    "phone": {"title": "联系电话", "type": "phone"},
}
CHECKS: Final = (
    {"rule": "not_before", "field": "paid", "other": "declared", "reason": "入库日期不能早于申报日期"},
    {"rule": "sum_of", "field": "total", "parts": ("amount", "tax"), "reason": "合计应等于计税金额加税额"},
    {
        "rule": "required_when",
        "field": "paid",
        "when": {"field": "kind", "is_in": ("12",)},
        "reason": "印花税应填入库日期",
    },
)
# What is put where, and what must be said of it.
FAULTS: Final = (
    ("uscc", "91410402MA00000000", "uscc:check_digit"),
    ("uscc", "410402100012345", "uscc:type"),
    ("uscc", "", "uscc:required"),
    ("id", "410402199013011234", "id:type"),
    ("industry", "9900", "industry:reference"),
    ("division", "320100", "division:reference"),
    ("number", "2025-17", "number:pattern"),
    ("declared", "2025-02-30", "declared:type"),
    ("declared", "2099-01-01", "declared:future"),
    ("amount", "约三万", "amount:type"),
    ("tax", "-1.00", "tax:range"),
    ("total", "0.01", "total:sum_of"),
    ("kind", "其他税", "kind:codes"),
)


def run() -> dict[str, Measure]:
    """CPU and memory of the gate. Takes about a minute and 300 MB of disk."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.csv"
        _child("make", path)
        rounds = [(_child("scan", path), _child("gate", path)) for _ in range(ROUNDS)]
    scan, gate = (median(pair[n]["cpu"] for pair in rounds) for n in (0, 1))
    whole = [median(pair[n]["whole"] for pair in rounds) for n in (0, 1)]
    memory = max(pair[1]["memory"] for pair in rounds)
    return {
        "gate": Measure(gate, "CPU s per million rows", scan, gate / scan, GOAL_CPU),
        "gate_with_start": Measure(whole[1], "CPU s, imports included", whole[0], whole[1] / whole[0]),
        "gate_memory": Measure(memory, "MB resident at most", goal=GOAL_MEMORY),
    }


def _child(act: str, path: Path) -> dict[str, float]:
    done = subprocess.run(  # noqa: S603 — ourselves
        [sys.executable, "-m", "xinqiao_bench.gate", act, str(path)], capture_output=True, text=True, check=True
    )
    told: dict[str, float] = json.loads(done.stdout or "{}")
    return told


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _told(before: float) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": _cpu() - before, "whole": _cpu(), "memory": memory}))  # noqa: T201 — the parent reads it


def scan(path: Path) -> None:
    """The baseline: every column as text, in memory."""
    import polars as pl

    before = _cpu()
    pl.scan_csv(path, infer_schema=False).collect(engine="streaming")
    _told(before)


def gate(path: Path) -> None:
    """The road of a delivery without the database: the register of subjects is a column of codes."""
    from datetime import date

    import polars as pl

    from xinqiao import catalogue
    from xinqiao.intake.gate import Parts, sift
    from xinqiao.intake.rules.compiling import compile_item
    from xinqiao.intake.rules.reasons import Summary

    city, known = catalogue.city(), _hashes(pl.read_parquet(path.with_suffix(".parquet"))["uscc"])
    known.sort()
    before = _cpu()
    with tempfile.TemporaryDirectory() as folder:
        sifted = sift(path, compile_item(item(), city, on=date.fromisoformat(ON)), Path(folder))
        accepted, waiting, found = Parts(Path(folder), "accepted"), Parts(Path(folder), "waiting"), Summary()
        for frame in sifted.accepted():
            placed = pl.Series(_among(_hashes(frame["uscc"]), known))
            accepted.add(frame.filter(placed))
            waiting.add(frame.filter(~placed))
        for told in sifted.findings.frames():
            found.add(told)
    _told(before)
    counts = {f"{said['field']}:{said['rule']}": said["rows"] for said in found.as_kept()}
    expected = {said: OF_A_KIND for *_, said in FAULTS} | {"number:duplicate": OF_A_KIND}
    parted = (sifted.delivered, accepted.rows, waiting.rows, sifted.rejected.rows)
    bad = OF_A_KIND * (len(FAULTS) + 1)
    if counts != expected or parted != (ROWS, ROWS - bad - OF_A_KIND, OF_A_KIND, bad):
        raise SystemExit(f"the gate did not find what is there: {counts} {parted}")


def _hashes(codes: Any) -> Any:
    """The register is looked up by hash: building a table of all its codes for every part would be our own fault."""
    return codes.hash(0).to_numpy().copy()


def _among(hashes: Any, known: Any) -> Any:
    return known[known.searchsorted(hashes).clip(max=len(known) - 1)] == hashes


def item() -> Any:
    """The measured item, as a catalogue file would say it."""
    from xinqiao.catalogue.schema import Item

    return Item.model_validate(
        {
            "item": "measured",
            "code": "TAX-99",
            "title": "量一量",
            "title_en": "Measured",
            "family": "tax",
            "sources": ("tax_bureau",),
            "nature": "public",
            "basis": (),
            "sharing": {"mode": "physical", "classed": "open"},
            "coverage": "—",
            "cadence": {"every": "month"},
            "subject": {"field": "uscc", "name": "name", "kinds": ("enterprise", "individual_business")},
            "delivery": {"key": ("number", "declared"), "period": "month"},
            "retention": {},
            "fields": FIELDS,
            "checks": CHECKS,
        }
    )


def make(path: Path) -> None:
    """The file, and beside it the codes somebody bears."""
    import numpy as np
    import polars as pl

    draw = np.random.default_rng(7)
    codes = _usccs(450_000 + OF_A_KIND)
    pl.DataFrame({"uscc": codes[:450_000]}).write_parquet(path.with_suffix(".parquet"))
    columns = _columns(codes, draw)
    places = draw.permutation(ROWS // 2)[: OF_A_KIND * (len(FAULTS) + 1)].reshape(-1, OF_A_KIND)
    for (name, text, _), where in zip(FAULTS, places, strict=False):
        columns[name] = columns[name].scatter(where, text)
    again, unborne = ROWS // 2 + np.arange(OF_A_KIND), places[-1]
    for name in ("uscc", "number", "declared", "paid"):
        columns[name] = columns[name].scatter(again, columns[name].gather(again + OF_A_KIND))
    columns["uscc"] = columns["uscc"].scatter(unborne, codes[450_000:])
    pl.DataFrame(columns).rename({name: f["title"] for name, f in FIELDS.items()}).write_csv(path)


def _columns(codes: Any, draw: Any) -> dict[str, Any]:
    import numpy as np
    import polars as pl

    def one_of(*texts: str) -> Any:
        return pl.Series(np.array(texts)[draw.integers(0, len(texts), ROWS)])

    def numbered(count: int, width: int) -> Any:
        return pl.Series(draw.integers(0, count, ROWS)).cast(pl.String).str.zfill(width)

    def money(fen: Any) -> Any:
        yuan, rest = (pl.Series(part).cast(pl.String) for part in divmod(fen, 100))
        return yuan + "." + rest.str.zfill(2)

    declared = np.datetime64("2025-01-01") + draw.integers(0, 365, ROWS)
    amount = draw.integers(100, 10**9, ROWS)
    tax = amount * 13 // 100
    return {
        "uscc": codes.gather(draw.integers(0, 450_000, ROWS)),
        "name": "平顶山市" + one_of("恒盛", "鼎泰", "华泽", "昌隆") + numbered(99_999, 5) + "商贸有限公司",
        "person": one_of("王伟", "李芳", "张秀英", "刘洋", "陈静"),
        "id": _id_numbers(draw),
        "industry": one_of("F5212", "0610", "C13", "5110", "6210"),
        "division": one_of("410402", "410403", "410404", "410411", "410421", "410422"),
        "number": "平税〔2025〕" + pl.Series(np.arange(ROWS)).cast(pl.String).str.zfill(7) + "号",
        "declared": pl.Series(declared.astype(str)),
        "paid": pl.Series((declared + draw.integers(0, 60, ROWS)).astype(str)),
        "month": pl.Series(declared.astype("datetime64[M]").astype(str)),
        "amount": money(amount),
        "tax": money(tax),
        "total": money(amount + tax),
        "kind": one_of("增值税", "企业所得税", "个人所得税", "12"),
        "phone": "138" + numbered(10**8, 8),
    }


def _usccs(count: int) -> Any:
    """Valid codes, each another, letter by letter for all at once."""
    import numpy as np
    import polars as pl

    from xinqiao.kernel.uscc import ALPHABET, ORGANISATION_ALPHABET, ORGANISATION_WEIGHTS, WEIGHTS

    letters = np.frombuffer(ALPHABET.encode(), np.uint8)
    value, inner = np.zeros(128, np.int64), np.zeros(128, np.int64)
    value[letters] = np.arange(len(letters))
    inner[np.frombuffer(ORGANISATION_ALPHABET.encode(), np.uint8)] = np.arange(len(ORGANISATION_ALPHABET))
    table = np.zeros((count, 18), np.uint8)
    table[:, :10] = np.frombuffer(b"91410402MA", np.uint8)
    for place in range(6):
        table[:, 15 - place] = letters[np.arange(count) // 31**place % 31]
    table[:, 16] = np.frombuffer(b"0X987654321", np.uint8)[inner[table[:, 8:16]] @ np.array(ORGANISATION_WEIGHTS) % 11]
    table[:, 17] = letters[(31 - value[table[:, :17]] @ np.array(WEIGHTS) % 31) % 31]
    return pl.Series(table.view("S18").ravel().astype("U18"))


def _id_numbers(draw: Any) -> Any:
    import numpy as np
    import polars as pl

    from xinqiao.kernel.id_number import CHECKS, WEIGHTS

    born = pl.Series(np.datetime64("1960-01-01") + draw.integers(0, 14_600, ROWS)).dt.to_string("%Y%m%d")
    first = "410402" + born + pl.Series(draw.integers(1, 999, ROWS)).cast(pl.String).str.zfill(3)
    digits = np.frombuffer(first.str.join("").item().encode(), np.uint8).reshape(-1, 17) - 48
    check = np.frombuffer(CHECKS.encode(), np.uint8)[digits.astype(np.int64) @ np.array(WEIGHTS) % 11]
    return first + pl.Series(check.view("S1").astype("U1"))


if __name__ == "__main__":
    {"make": make, "scan": scan, "gate": gate}[sys.argv[1]](Path(sys.argv[2]))
