"""The model card: what a fitted card is, what it was made from, how well it does and for whom it is not meant."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from xinqiao.fitting.leakage import Flag
from xinqiao.fitting.scorecard import Card, Piece
from xinqiao.fitting.trials import Trial
from xinqiao.validation.calibration import reliability
from xinqiao.validation.figures import figures

NOT_IN_USE = "这是草稿：没有案例、没有两人批准之前，不给任何主体评分。"


def figures_of(trial: Trial) -> dict[str, Any]:
    """What the held parts said, rounded for reading: means over the parts, lift over all of them together."""
    together = figures(trial.together.risk, trial.together.bad)
    return {
        "auc": round(trial.auc, 4),
        "auc_spread": round(trial.spread, 4),
        "gini": round(2 * trial.auc - 1, 4),
        "ks": round(trial.ks, 4),
        "brier": round(trial.brier, 4),
        "lift_10": None if together.lift_10 is None else round(together.lift_10, 2),
        "held_parts": len(trial.held),
    }


def text(
    card: Card, trials: dict[str, Trial], *, rows: int, bad: int, on: date, flags: Sequence[Flag], drawn: str
) -> str:
    """Markdown. `drawn` says where the rows came from; `trials` are by the name of the model they tried."""
    parts = [
        _head(card, rows, bad, on, drawn),
        _trials(trials),
        _calibration(trials),
        _judgements(card),
        _flags(flags),
        *(_piece(piece, card) for piece in card.pieces),
    ]
    return "\n".join(line for part in parts for line in [*part, ""])


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    yield from ("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows)


def _head(card: Card, rows: int, bad: int, on: date, drawn: str) -> Iterator[str]:
    spec = card.spec
    yield f"# {spec.title}（{spec.fit}）"
    yield ""
    yield f"{on.isoformat()} 拟合。{NOT_IN_USE}"
    yield ""
    prior = (
        f"按真实违约率 {spec.prior.rate} 校正（{spec.prior.set_by}）" if spec.prior else "样本按原样抽取，未作先验校正"
    )
    yield f"- 预测什么：{spec.target}"
    yield f"- 从什么来：{drawn}；{rows} 行，其中违约 {bad} 行（{bad / rows:.1%}）"
    yield f"- 校准：{prior}"
    yield f"- 分数：{card.base} 到 {card.scale} 分，分高风险低；{spec.scaling.points} 分约为 {spec.scaling.odds}:1"
    yield f"- 分档：每档至少 {float(spec.smallest_share):.0%}，最多 {spec.most_bins} 档，随机种子 {spec.seed}"


def _trials(trials: dict[str, Trial]) -> Iterator[str]:
    yield "## 没见过的行上"
    yield ""
    names = ("auc", "auc_spread", "gini", "ks", "brier", "lift_10", "held_parts")
    told = {name: figures_of(trial) for name, trial in trials.items()}
    yield from table(("模型", *names), ([name, *(one[figure] for figure in names)] for name, one in told.items()))


def _calibration(trials: dict[str, Trial]) -> Iterator[str]:
    """Of the first, the card. Where the sample was drawn by outcome the rows here fail more often than was said."""
    name, trial = next(iter(trials.items()))
    yield f"## 校准：{name} 在没见过的行上"
    yield ""
    held = trial.together
    rows = [
        (row.count, f"{row.predicted:.3f}", f"{row.observed:.3f}", f"{row.low:.3f}–{row.high:.3f}")
        for row in reliability(held.risk, held.bad)
    ]
    yield from table(("行数", "所说的概率", "实际违约率", "95% 区间"), rows)


def _judgements(card: Card) -> Iterator[str]:
    yield "## 人的判断"
    yield ""
    spec = card.spec
    yield from (f"- 不用 {name}：{why}" for name, why in spec.forbidden.items())
    for name, one in spec.inputs.items():
        if one.override is not None:
            yield f"- {name} 的分档由 {one.override.by} 于 {one.override.on.isoformat()} 定：{one.override.why}"
        if one.missing != "own":
            yield f"- {name} 没有值时按{'最好' if one.missing == 'best' else '最差'}的一档算"
    yield from (f"- {name} 没有进入评分卡：{why}" for name, why in card.left_out.items())


def _flags(flags: Sequence[Flag]) -> Iterator[str]:
    yield "## 泄漏检查"
    yield ""
    yield from (f"- {flag.column}（{flag.why.value}）：{flag.said}" for flag in flags)
    if not flags:
        yield "没有发现结果发生之后才知道的输入。"


def _piece(piece: Piece, card: Card) -> Iterator[str]:
    yield f"## {card.spec.inputs[piece.name].title}（{piece.name}，信息值 {piece.information:.3f}）"
    yield ""
    rows = [
        (said, count, f"{bad / count:.1%}" if count else "", f"{evidence:.3f}", points)
        for said, count, bad, evidence, points in zip(
            _places(piece), piece.rows, piece.bad, piece.evidence, piece.points, strict=True
        )
    ]
    yield from table(("档", "行数", "违约率", "证据权重", "分数"), rows)


def _places(piece: Piece) -> Iterator[str]:
    found = piece.binning
    yield "没有值"
    yield from (f"特殊代码 {code}" for code in found.special)
    if found.groups:
        yield from ("、".join(group) for group in found.groups)
    else:
        yield from (f"≤ {cut.normalize():f}" for cut in found.cuts)
        yield f"> {found.cuts[-1].normalize():f}" if found.cuts else "任何值"
