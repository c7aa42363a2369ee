"""Charts: whatever the figures, the picture stays in its frame, and nothing on it is a made-up number."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.portal import pictures
from xinqiao.portal.charts import frame, over_time, slots
from xinqiao.portal.charts.frame import Axis
from xinqiao.portal.charts.over_time import Level, LineChart, Series
from xinqiao.portal.charts.slots import Rate, Spread

NIGHT = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
figures = st.one_of(st.none(), st.floats(-1e9, 1e9), st.floats(0, 1), st.sampled_from([0.0, 0.1, 1.0, 1e-12]))
nights = st.lists(st.tuples(st.integers(0, 4000), figures), max_size=40)


def a_series(title: str, *values: float | None, nights: Sequence[int] = ()) -> Series:
    days = nights or range(len(values))
    return Series(title, tuple((NIGHT + timedelta(days=day), one) for day, one in zip(days, values, strict=True)))


def drawn(*series: Series, levels: Sequence[Level] = (), **how: float) -> LineChart:
    axis = Axis(str, **how)
    found = over_time.drawn("psi", "分布变了多少", "越高变得越多", series, axis, levels=levels)
    assert found is not None
    return found


@given(st.lists(nights, max_size=7), st.lists(st.floats(0, 1), max_size=2))
def test_any_figures_are_drawn_inside_the_frame_as_many_as_there_are(
    several: list[list[tuple[int, float | None]]], levels: list[float]
) -> None:
    series = [a_series(str(n), *(v for _, v in one), nights=[d for d, _ in one]) for n, one in enumerate(several)]
    shown = [[v for _, v in one if v is not None] for one in several if any(v is not None for _, v in one)]
    alarms = [Level(str(one), one) for one in levels]
    chart = over_time.drawn("psi", "", "", series, Axis(str), levels=alarms)
    if chart is None:
        assert not shown
        return
    assert [sum(map(len, line.points)) for line in chart.lines] == [len(one) for one in shown]
    for x, y in (point for line in chart.lines for run in line.points for point in run):
        assert frame.LEFT <= x <= frame.RIGHT
        assert frame.TOP <= y <= frame.BOTTOM
    heights = [tick.y for tick in chart.ticks]
    assert heights == sorted(heights, reverse=True)
    assert 2 <= len(heights) <= 8
    assert all(frame.TOP <= level.y <= frame.BOTTOM for level in chart.levels)
    assert not re.search(r"nan|inf", " ".join(line.path + line.marks for line in chart.lines))


def test_a_higher_figure_stands_higher_and_a_later_one_further_right() -> None:
    [line] = drawn(a_series("分数", 0.02, 0.3, 0.1, nights=[0, 30, 60])).lines
    [(first, second, third)] = line.points
    assert first[0] < second[0] < third[0]
    assert second[1] < third[1] < first[1]
    assert second[0] - first[0] == pytest.approx(third[0] - second[0])
    assert line.last == "0.1"


def test_a_line_breaks_where_a_figure_was_not_to_be_had() -> None:
    [line] = drawn(a_series("AUC", 0.7, None, 0.8, 0.75)).lines
    assert [len(run) for run in line.points] == [1, 2]
    assert line.path.count("M") == 1
    assert line.marks.count("Z") == 3, "what stands alone is seen by its mark"


def test_one_figure_and_figures_all_alike_are_drawn_and_one_says_that_nothing_went_anywhere() -> None:
    one = drawn(a_series("分数", 0.2))
    assert (one.alone, one.days) == (True, ("2026-11-24 03:00",))
    same = drawn(a_series("分数", 0.0, 0.0), floor=0)
    assert (same.alone, same.days) == (False, ("2026-11-24", "2026-11-25"))
    assert float(same.ticks[0].word) == 0
    whole = drawn(a_series("占比", 1.0, 1.0), floor=0, ceiling=1)
    assert float(whole.ticks[-1].word) == 1


def test_a_hair_is_not_shown_as_a_leap() -> None:
    [line] = drawn(a_series("平均分", 797.2, 797.9), least=50.0).lines
    [((_, first), (_, second))] = line.points
    assert 0 < first - second < (frame.BOTTOM - frame.TOP) / 20


def test_alarm_lines_are_on_the_picture_though_every_figure_is_calm() -> None:
    chart = drawn(a_series("分数", 0.0, 0.01), levels=[Level("要留意 0.1", 0.1), Level("要处理 0.25", 0.25, "bad")])
    calm = max(y for line in chart.lines for run in line.points for _, y in run)
    assert frame.TOP <= chart.levels[1].y < chart.levels[0].y < calm


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="numbers"):
        drawn(a_series("分数", float("nan")))


def test_the_picture_says_in_words_what_it_shows_and_lines_differ_without_colour() -> None:
    chart = drawn(*(a_series(grade, 0.1 * n, 0.2) for n, grade in enumerate("ABCD")))
    page = render_to_string("portal/parts/line_chart.html", {"chart": chart})
    assert 'role="img" aria-labelledby="c-psi-t c-psi-d"' in page
    assert '<desc id="c-psi-d">越高变得越多</desc>' in page
    assert len({line.sample for line in chart.lines}) == 4
    assert [f"{grade} <b>0.2</b>" in page for grade in "ABCD"] == [True] * 4


PLACE = re.compile(r"([MVH])([-\d.]+)(?: ([-\d.]+))?")


def places(path: str) -> tuple[list[float], list[float]]:
    """Every x and every y that a path names."""
    found = PLACE.findall(path)
    xs = [float(a) for letter, a, _ in found if letter != "V"]
    return xs, [float(b or a) for letter, a, b in found if letter != "H"]


shares = st.lists(st.floats(0, 1), min_size=1, max_size=20)


@given(shares, st.booleans())
def test_any_spread_fills_the_frame_from_side_to_side_and_leaves_it_nowhere(mine: list[float], held: bool) -> None:
    names = [str(50 * n) for n in range(len(mine))]
    chart = slots.spread("scores", "", "", names, Spread(mine, mine[::-1] if held else ()), pictures.SHARES)
    assert chart is not None
    xs, ys = places(chart.fills + chart.outline)
    assert all(frame.LEFT <= x <= frame.RIGHT for x in xs)
    assert all(frame.TOP <= y <= frame.BOTTOM for y in ys)
    assert chart.fills.count("Z") == sum(one > 0 for one in mine), "an empty band has no bar"
    assert bool(chart.outline) == held
    assert len(chart.labels) <= 6


def test_two_sides_of_unequal_number_are_compared_by_their_shares() -> None:
    rows = [{"since": 0, "mine": 1, "theirs": 30}, {"since": 50, "mine": 3, "theirs": 90}]
    chart = pictures.scores(rows)
    assert chart is not None
    heights = [sorted({y for y in places(path)[1] if y < frame.BOTTOM}) for path in (chart.fills, chart.outline)]
    assert heights[0] == heights[1]


def test_what_became_of_each_grade_stands_in_the_grades_order_between_its_bounds() -> None:
    grades = {
        "—": {"rate": 0.2, "low": 0.1, "high": 0.4},
        "B": {"rate": 0.1, "low": 0.05, "high": 0.2},
        "A": {"rate": 0.0, "low": 0.0, "high": 0.1},
    }
    chart = pictures.became(grades, ("A", "B"))
    assert chart is not None
    assert [label.word for label in chart.labels] == ["A", "B", "—"]
    [low, high, *_] = places(chart.whiskers)[1]
    assert high < low == frame.BOTTOM, "nobody failed: the interval begins at nothing"
    assert chart.dashes == ""
    said = slots.rates("r", "", "", [Rate("A", 0.1, 0.05, 0.2, said=0.3)], pictures.SHARES)
    assert said is not None
    [[dash], [dot, *_]] = [places(path)[1] for path in (said.dashes, said.dots)]
    assert dash < dot, "more was said to fail than did"
