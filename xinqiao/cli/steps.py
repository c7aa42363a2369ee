"""From nothing to a city one can look at: the steps of `run` and `demo`, each through the doors a real city uses."""

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from xinqiao.cli import database as tables
from xinqiao.cli import sample, sample_by_law, sample_estimates, sample_institutions, sample_models
from xinqiao.cli.opening import say
from xinqiao.cli.progress import Progress
from xinqiao.kernel.city_time import day_of

SUBJECTS: Final = 2_000
SEED: Final = 410400


@dataclass
class Making:
    """What the steps hand on to each other, and what `demo` tells at the end."""

    progress: Progress
    folder: Path
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    truth: dict[str, Any] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)


def make_ready(subjects: int = SUBJECTS) -> dict[str, Any]:
    """Everything up to the door; what is there already is kept. Returns what the city holds.

    Interrupted anywhere, it goes on where it was the next time. Two at once do it one after the other.
    """
    folder = sample.folder()
    with _alone(folder / "making.lock"):
        return _make_ready(folder, subjects)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("另一个进程正在准备样例城市，等它做完 · another process is making the sample city: waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _make_ready(folder: Path, subjects: int) -> dict[str, Any]:
    made = folder / "made.json"
    progress = Progress(len(_ALWAYS))
    making = Making(progress, folder / "files")
    for title, act in _ALWAYS:
        with progress.step(title):
            act(making)
    if (told := _kept(made)) is not None:
        progress.tell("样例城市已经在库中，保留原有数据 · the sample city is there already and is kept")
        return told
    making.told["subjects"] = subjects
    making.progress = Progress(len(_FIRST_TIME))
    for title, act in _FIRST_TIME:
        with making.progress.step(title):
            act(making)
    making.told["seconds"] = round(progress.seconds, 1)
    draft = made.with_suffix(".draft")
    draft.write_text(json.dumps({"database": _database(), "told": making.told}, ensure_ascii=False), encoding="utf-8")
    draft.replace(made)
    return making.told


def _tables(making: Making) -> None:
    tables.migrate()


def _catalogue(making: Making) -> None:
    from xinqiao import catalogue

    city = catalogue.city()
    making.progress.detail(
        f"{city.title}：{len(city.items)} 个数据项，其中 {len(city.whole_items())} 个已启用 · items, and those in use"
    )


def _authenticators(making: Making) -> None:
    """Also for people of a city made before codes were asked for, or before they came themselves."""
    from django.utils import timezone

    sample.newcomers(timezone.now())
    sample_institutions.branch_out(timezone.now())
    sample.with_authenticators(timezone.now())
    making.progress.detail(f"要动态口令的样例账号 · sample logins that need a code: {'、'.join(sample.CODES)}")


def _sign_on(making: Making) -> None:
    """Also for a city made before there was any; a new one has nobody yet."""
    if (truth := making.folder / "truth.json").exists() and _kept(sample.folder() / "made.json") is not None:
        many = sample.sign_on(json.loads(truth.read_text(encoding="utf-8")))
        making.progress.detail(f"样例登录里可以选的人 · who can be chosen at the sample's sign-on: {many}")


def _assessments(making: Making) -> None:
    """Also for institutions of a city made before assessments were asked for, agreements signed on line, or
    organisations could apply."""
    from django.utils import timezone

    if written := sample_institutions.assess(timezone.now()):
        making.progress.detail(f"{written} 家机构的影响评估 · impact assessments of institutions")
    if drafted := sample_institutions.sign_on_line(timezone.now()):
        making.progress.detail(f"{drafted} 份网上签的协议 · agreements on line")
    if sworn := sample_institutions.sworn(timezone.now()):
        making.progress.detail(f"{sworn} 份经办人的保密承诺书 · letters of confidentiality")
    if sample_estimates.adopt(timezone.now()):
        making.progress.detail("样例银行的预授信规则，两位经办人 · the bank's rules for estimates, by two officers")
    if applied := sample_institutions.apply(timezone.now()):
        making.progress.detail(f"{applied} 份等办理的入驻申请 · applications that wait")


def _models(making: Making) -> None:
    """Also for kinds of subject that a city made before had no model for; a new one has no operators yet."""
    from django.utils import timezone

    if approved := sample_models.approve(timezone.now()):
        making.progress.detail(f"{approved} 个评价模型，两位运营人员批准 · models, approved by two operators")


def _files(making: Making) -> None:
    from xinqiao_city import make

    if not (making.folder / "truth.json").exists():  # written last
        today = day_of(datetime.now(UTC))
        make.make(subjects=making.told["subjects"], seed=SEED, to=making.folder, today=today)
    making.truth = json.loads((making.folder / "truth.json").read_text(encoding="utf-8"))
    making.deliveries = json.loads((making.folder / "manifest.json").read_text(encoding="utf-8"))["deliveries"]
    making.progress.detail(f"{len(making.deliveries)} 个文件，{making.truth['rows']:,} 行，在 {making.folder}")


def _take_in(making: Making) -> None:
    from django.utils import timezone

    from xinqiao.intake import deliveries, inspection, queries

    for count, entry in enumerate(making.deliveries, start=1):
        now = timezone.now()
        place = {key: entry[key] for key in ("source", "item", "period", "mode")}
        file = making.folder / entry["file"]
        number = deliveries.take_in(**place, file=file, filename=file.name, by=None, now=now)
        inspection.inspect(number, now=now)
        making.numbers.append(number)
        view = queries.delivery(number)
        making.progress.detail(
            f"{count}/{len(making.deliveries)} {file.stem}：{view.delivered} 行，"
            f"接收 {view.accepted}，退回 {view.rejected}，待核 {view.held}，未匹配 {view.unplaced}"
        )


def _file(making: Making) -> None:
    """Facts, and rows whose subject came later; only then the counts are what they will stay."""
    from django.utils import timezone

    from xinqiao.cli import road
    from xinqiao.intake import queries
    from xinqiao.kernel.ids import DeliveryNumber

    road.settle(timezone.now())
    views = [queries.delivery(DeliveryNumber(number)) for number in making.numbers]
    counts = {key: sum(getattr(view, key) or 0 for view in views) for key in _COUNTS}
    making.told |= {"deliveries": len(views), **counts}
    making.progress.detail("，".join(f"{title} {counts[key]:,} 行" for key, title in _COUNTS.items()))


_COUNTS: Final = {
    "delivered": "送达",
    "accepted": "接收",
    "rejected": "退回",
    "held": "待核",
    "unplaced": "未匹配",
}


def _grade(making: Making) -> None:
    from django.utils import timezone

    from xinqiao.evaluation import grading, trials

    summary = grading.grade_all(now=timezone.now())
    grades = dict(sorted(summary.grades.items()))
    making.told |= {"graded": summary.graded, "grades": grades}
    making.progress.detail(f"评价 {summary.subjects} 户：" + "，".join(f"{g} {n}" for g, n in grades.items()))
    trials.monitor_all(now=timezone.now())


def _people(making: Making) -> None:
    from django.utils import timezone

    making.told |= sample.people(making.truth, timezone.now())
    sample.sign_on(making.truth)
    making.told["commitments"] = sample.commit(making.told["business"], timezone.now())


def _report(making: Making) -> None:
    from django.utils import timezone

    from xinqiao.cli import overseen, road
    from xinqiao.evaluation import trials
    from xinqiao.ledger import queries as ledger

    receipt = sample.ask_report(making.told["business"], timezone.now())
    sample_estimates.adopt(timezone.now())
    sample_estimates.feed_back(making.told["business"], receipt, timezone.now())
    sample_by_law.ask(making.told["business"], timezone.now())
    overseen.watch_over(making.told["business"], receipt, timezone.now())
    trials.monitor_all(now=timezone.now())  # the nights go on from here: a line begins with two
    road.settle(timezone.now())
    making.told |= {"receipt": receipt, "log": ledger.latest_position() + 1}
    making.progress.detail(f"回执 {receipt} 已写入日志；企业在“谁看过”里能看到这次查询")


Step = tuple[str, Callable[[Making], None]]
_ALWAYS: Final[tuple[Step, ...]] = (
    ("把数据库的表更新到当前版本 · bringing the tables to this release", _tables),
    ("读取信用信息共享清单 · reading the catalogue", _catalogue),
    ("给样例人员配样例口令器 · a stand-in for the phones of the sample's people", _authenticators),
    ("电子营业执照、政务服务网、豫事办的样例登录 · a stand-in for those who vouch", _sign_on),
    ("补上样例机构的影响评估和网上签的协议 · impact assessments, agreements on line", _assessments),
    ("看看评价模型是否经两人批准 · are the models approved by two people", _models),
)
_FIRST_TIME: Final[tuple[Step, ...]] = (
    ("造一座样例城市，写出各部门会送来的文件 · inventing a city and its departments' files", _files),
    ("接收这些文件，逐行校验 · taking the files in, row by row", _take_in),
    ("归入每户的信用档案，写入防篡改日志 · filing the facts, writing the log", _file),
    ("样例机构签约、人员上岗、企业授权 · agreements, people, grants", _people),
    ("两位运营人员批准评价模型 · two operators approve the models", _models),
    ("给每户评价 · grading every business", _grade),
    ("银行查询一份得到授权的信用报告 · a bank reads a report it is allowed to read", _report),
)


def _kept(made: Path) -> dict[str, Any] | None:
    """What an earlier run made, if it was in this very database."""
    if not made.exists():
        return None
    kept = json.loads(made.read_text(encoding="utf-8"))
    return dict(kept["told"]) if kept["database"] == _database() else None


def _database() -> str:
    """Which database this is, whatever its address."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier || '/' || oid FROM pg_control_system(), pg_database"
            " WHERE datname = current_database()"
        )
        return str(cursor.fetchone()[0])
