"""`xinqiao assessment list|write|approve`: impact assessments (个人信息保护法 §55–56); acts in the sample profile only.

Those of items and purposes are the city's files, and `xinqiao catalogue check` asks for them.
"""

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from xinqiao.cli.agreements import act, names
from xinqiao.kernel.city_time import day_of

if TYPE_CHECKING:
    from xinqiao.catalogue.schema import Assessment
    from xinqiao.parties.assessment_queries import AssessmentView

CONTENTS: Final = {
    "lawful": "目的、方式是否合法、正当、必要",
    "impact": "对个人权益的影响及安全风险",
    "measures": "保护措施是否合法、有效并与风险相适应",
}


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    acts = commands.add_parser("assessment", help="个人信息保护影响评估").add_subparsers(required=True, metavar="ACT")
    act(acts, "list", _list, "数据项、用途和机构的评估")
    writing = act(acts, "write", _write, "写下一家机构的评估，另一位运营人员批准后有效")
    writing.add_argument("--institution", required=True, metavar="INST")
    writing.add_argument("--items", type=names, default=[], metavar="a,b")
    writing.add_argument("--purposes", type=names, default=[], metavar="p,q")
    writing.add_argument("--grade", action="store_true", help="公共信用评价等级提供给部门")
    for name, said in CONTENTS.items():
        writing.add_argument(f"--{name}", required=True, metavar="T", help=f"{said}，至少二十个字")
    writing.add_argument("--again", required=True, type=date.fromisoformat, metavar="DATE", help="哪天以前重新评估")
    approving = act(acts, "approve", _approve, "由另一位运营人员批准")
    approving.add_argument("assessment", type=int, metavar="ASSESSMENT")


def _list(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao import catalogue
    from xinqiao.parties import assessment_queries

    return {
        "files": [_file(one) for one in catalogue.city().assessments.values()],
        "institutions": [_told(one) for one in assessment_queries.every()],
    }


def _write(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.cli.sharing import operator
    from xinqiao.parties import assessing

    only_in_sample()
    now = timezone.now()
    said = assessing.Assessed(
        args.institution,
        frozenset(args.items),
        frozenset(args.purposes),
        args.lawful,
        args.impact,
        args.measures,
        args.again,
        args.grade,
    )
    return _one(assessing.assess(said, by=operator(), today=day_of(now), now=now))


def _approve(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.cli.sharing import operator
    from xinqiao.parties import assessing, assessment_queries

    only_in_sample()
    writers = {one.assessed_by for one in assessment_queries.every() if one.id == args.assessment}
    assessing.approve(args.assessment, by=operator(but=writers), now=timezone.now())
    return _one(args.assessment)


def _one(number: int) -> dict[str, Any]:
    from xinqiao.parties import assessment_queries

    return next(_told(one) for one in assessment_queries.every() if one.id == number)


def _file(one: "Assessment") -> dict[str, Any]:
    return {
        "assessment": one.assessment,
        "title": one.title,
        "items": {name: list(fields) for name, fields in one.items.items()},
        "purposes": list(one.purposes),
        **{name: getattr(one, name) for name in CONTENTS},
        "assessed_by": one.assessed_by,
        "assessed_on": one.assessed_on.isoformat(),
        "approved_by": one.approved_by,
        "approved_on": one.approved_on.isoformat(),
        "again": one.again.isoformat(),
    }


def _told(one: "AssessmentView") -> dict[str, Any]:
    return {
        "assessment": one.id,
        "institution": one.institution,
        "items": sorted(one.items),
        "purposes": sorted(one.purposes),
        "grade": one.grade,
        **{name: getattr(one, name) for name in CONTENTS},
        "assessed_by": one.assessed_by_name,
        "assessed_at": one.assessed_at.isoformat(),
        "approved": one.approved,
        "decided_by": one.decided_by_name,
        "decided_at": one.decided_at and one.decided_at.isoformat(),
        "again": one.again.isoformat(),
        "catalogue": one.catalogue,
    }
