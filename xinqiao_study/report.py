"""The report a person reads: every figure beside its gate, then each card as its model card."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from xinqiao.fitting import exporting, model_card
from xinqiao_study import tables
from xinqiao_study.studies import JUDGED, LEARNT_UNTIL, Found, Shifted

REPORT: Final = "study.md"
SIGNS: Final = {True: "达到", False: "没有达到", None: ""}
DRAWN: Final = {
    "cumcm": "CUMCM 2020 C 题附件 1 的 123 家企业和它们的发票",
    "german": "德国信用数据（Statlog）",
    "polish": "波兰企业破产数据，提前一年（UCI 365）",
    "sba": "美国小企业署 7(a) 贷款，按结果各半抽取的一份样本",
}


def write(found: Sequence[Found], folder: Path, *, on: date) -> Path:
    """The report, and each card's model file and model card beside it; gives the report's path."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in found:
        if one.card is not None:
            _card(one, folder, on)
    path = folder / REPORT
    path.write_text("\n".join([*_report(found, on), ""]), encoding="utf-8")
    return path


def _card(found: Found, folder: Path, on: date) -> None:
    assert found.card is not None  # noqa: S101 — for the type checker; asked for by the caller
    table = tables.TABLES[found.name]().sample.table
    model = exporting.of_rows(found.card, table, on=on, version=f"{on.year}.1").model
    (folder / f"{found.name}.model.yml").write_text(exporting.text(model), encoding="utf-8")
    said = model_card.text(
        found.card, found.trials, rows=found.rows, bad=found.bad, on=on, flags=found.flags, drawn=DRAWN[found.name]
    )
    (folder / f"{found.name}.md").write_text(said, encoding="utf-8")


def _report(found: Sequence[Found], on: date) -> Iterator[str]:
    yield "# 评分卡研究"
    yield ""
    yield f"{on.isoformat()}，固定随机种子；凡是看结果的步骤都只在每一折的学习部分里做，测试部分不参与任何选择。"
    yield ""
    yield from model_card.table(
        ("数据集", "模型", "AUC", "KS", "折", "要求", ""),
        (_line(name, one) for one_set in found for name, one in one_set.told()),
    )
    for one in found:
        yield from _one(one)


def _line(name: str, one: dict[str, Any]) -> tuple[object, ...]:
    gate = one["gate"]
    wanted = f"≥ {gate}" if isinstance(gate, float) else "" if gate is None else _words(one)
    return (
        name,
        one.get("model", ""),
        one.get("auc", ""),
        one.get("ks", ""),
        one.get("folds", ""),
        wanted,
        SIGNS[one["ok"]],
    )


def _words(one: dict[str, Any]) -> str:
    if "psi" in one:
        return f"两个警报都响：PSI {one['psi']}；说 {one['said']}，来了 {one['came']}"
    return f"检出 {'、'.join(one['gate'])}"


def _one(found: Found) -> Iterator[str]:
    yield ""
    yield f"## {found.spec.title}（{found.name}）"
    yield ""
    yield f"{DRAWN[found.name]}：{found.rows} 行，违约 {found.bad} 行；用时 {found.seconds:.0f} 秒。"
    yield ""
    names = ("auc", "auc_spread", "gini", "ks", "brier", "lift_10", "held_parts")
    told = {name: model_card.figures_of(trial) for name, trial in found.trials.items()}
    yield from model_card.table(("模型", *names), ([name, *(one[f] for f in names)] for name, one in told.items()))
    yield ""
    yield from (f"- {flag.column}（{flag.why.value}）：{flag.said}" for flag in found.flags)
    if found.card is not None:
        yield f"- 评分卡全文见 {found.name}.md，模型文件见 {found.name}.model.yml。"
    if found.shifted is not None:
        yield from _shift(found.shifted)


def _shift(one: Shifted) -> Iterator[str]:
    yield ""
    yield f"### 只用 {LEARNT_UNTIL} 财年以前的贷款拟合，拿去判断 {JUDGED[0]}–{JUDGED[1]} 财年"
    yield ""
    yield f"AUC {one.auc:.3f}，KS {one.ks:.3f}；分数的 PSI {one.drift.psi:.2f}（{one.drift.alarm.value}）；"
    rang = "响了" if one.level.alarm else "没响"
    yield f"所说的违约率 {one.level.predicted:.1%}，实际 {one.level.observed:.1%}，校准警报{rang}。"
    yield ""
    rows = ((s.bin, f"{s.then:.1%}", f"{s.now:.1%}", f"{s.adds:.3f}") for s in one.drift.shifts)
    yield from model_card.table(("分数段", "以前", "后来", "PSI"), rows)
