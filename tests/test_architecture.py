"""The house's own rules, those an import can break silently. `lint-imports` holds the rest (pyproject.toml)."""

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import grimp
import pytest
from django.apps import apps
from django.db import connection, models

ROOT: Final = Path(__file__).resolve().parents[1]
HOUSE: Final = ROOT / "xinqiao"
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS: Final = {one["id"]: one for one in PROJECT["tool"]["importlinter"]["contracts"]}

# Rows carry event ids and the position is joined: known time is log position (the ledger's one table for others).
JOINED: Final = {"ledger_position"}
# What `queries` takes from a module that also acts, each with what it takes.
TAKEN_BY_QUERIES: Final = {
    "xinqiao.creditfile.facts": "how the secret part of a fact is opened",
}
# Past these look for the missing idea.
LONGEST_FUNCTION: Final = 70
LONGEST_MODULE: Final = 400

# Tables the log does not answer for, each with what somebody could do who writes into it.
NOT_COVERED: Final = {
    "disclosure_comparison": "let an institution compare a few values more, or fewer; each answer has its receipt",
    "disclosure_pushorder": "have a file of what is open made that nobody asked for; it is signed and in the log",
    "disclosure_pushed": "keep a line out of the next changes, or a subscriber from a correction: the files tell both",
    "disclosure_repeat": "have a question asked again count as a new look; only the signed answer is ever repeated",
    "evaluation_progress": "show whoever waits for a trial a wrong share of it done",
    "evaluation_waiting": "put off a grade by a night (everybody is graded every night) or have one given again",
    "intake_placingdue": "nothing: workers look for rows to place all the time; it saves commands from looking",
    "intake_progress": "show a wrong percentage while a file is read; gone when it is judged",
    "notices_notice": "hide a piece of news that the log still has; one he makes is not told, for he cannot seal it",
    "notices_feed": "stop a feed, which its follower says, or leave a gap in its numbers, which its reader sees",
    "notices_sending": "have a call made again or not; what it was to carry is in the feed",
    "notices_health": "have a webhook disabled sooner or later; that is an event",
    "notices_call": "show calls that were not made, or hide some, from whoever looks why nothing arrives",
    "parties_token": "take a token away; one he makes opens nothing, for he cannot seal it",
    "parties_factoruse": "let a code be used twice that he has caught and that is not a minute and a half old",
    "parties_spentassertion": "let an assertion be used twice that he has caught and that is not five minutes old",
    "parties_spentproof": "let a call be sent twice that he has caught and that is not five minutes old",
    "parties_spentsignon": "let an answer be brought back twice that he has caught with its browser's sealed cookie",
    "portal_logcheck": "take a result away; one he makes is not shown, for he cannot seal it",
    "parties_tries": "have more or fewer tries at a password that he could do nothing with: sign-ins are covered",
    "django_session": "end a session; the keys are digests, and what a session holds is signed for its key alone",
    "django_content_type": "nothing: nobody here asks it",
    "django_migrations": "have a migration run again, which fails, or not at all, which the next start says",
    "auth_group": "nothing: roles are `parties_role`, and nobody asks the framework's",
    "auth_group_permissions": "nothing, as with groups",
    "auth_permission": "nothing, as with groups",
    "auth_user_groups": "nothing, as with groups",
    "auth_user_user_permissions": "nothing, as with groups",
    "procrastinate_jobs": "have a job run again, or not; each does only what is due, and says so in the log",
    "procrastinate_events": "nothing: when jobs began and ended, for people",
    "procrastinate_periodic_defers": "have a nightly job begin once more, or a night late",
    "procrastinate_workers": "have a living worker's job taken for a dead one's, and run again: they bear that",
}


def layer_of() -> dict[str, int]:
    """The rank of every package, the kernel lowest."""
    layers = reversed(CONTRACTS["layers"]["layers"])
    return {name: rank for rank, names in enumerate(layers) for name in re.findall(r"\w+", names)}


def domains() -> list[str]:
    """Packages with tables: the framework's apps that are ours."""
    return sorted(config.label for config in apps.get_app_configs() if config.name.startswith("xinqiao."))


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("xinqiao.")]


def modules() -> Iterator[tuple[str, Path, ast.Module]]:
    """Every module of the house by its dotted name, migrations aside."""
    for path in sorted(HOUSE.rglob("*.py")):
        if "migrations" not in path.parts:
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield name, path, ast.parse(path.read_text())


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("xinqiao")


# ── packages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_named_after_being_left_over() -> None:
    banned = {
        "utils",
        "util",
        "helpers",
        "helper",
        "common",
        "core",
        "base",
        "misc",
        "services",
        "service",
        "constants",
    }
    found = [name for name, _, _ in modules() if banned & set(name.split("."))]
    outside = [
        p.stem
        for o in ("xinqiao_verify", "xinqiao_conformance", "xinqiao_city", "xinqiao_bench")
        for p in (ROOT / o).glob("*.py")
    ]
    assert found == []
    assert banned & set(outside) == set()


def test_every_package_has_its_place_in_the_order() -> None:
    here = {path.stem for path in HOUSE.iterdir() if path.is_dir() or path.suffix == ".py"}
    assert here - {"__init__", "__pycache__", "py"} - set(layer_of()) == set()


def test_every_domain_with_tables_keeps_them_private_by_contract() -> None:
    with_models = {model._meta.app_label for model in our_models()}
    assert {f"tables-{label}" for label in with_models} == {name for name in CONTRACTS if name.startswith("tables-")}
    assert {f"xinqiao.{label}" for label in domains()} == set(CONTRACTS["inside"]["containers"])


# ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_foreign_keys_point_downwards_and_leave_no_way_back() -> None:
    rank = layer_of()
    faults = []
    for model in our_models():
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey | models.ManyToManyField):
                continue
            here, there = model._meta.app_label, str(field.related_model._meta.app_label)
            if here != there and field.remote_field.related_name != "+":
                faults.append(f"{model.__name__}.{field.name} leaves a way back from {there}")
            if there in rank and rank[there] > rank[here]:
                faults.append(f"{model.__name__}.{field.name} points up at {there}")
    assert faults == []


@pytest.mark.usefixtures("db")
def test_foreign_keys_of_the_database_itself_point_downwards_too() -> None:
    """Tables made by plain SQL have no model; the database knows them all."""
    rank = layer_of()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
        )
        keys = cursor.fetchall()
    pairs = [(one, other, owner(one), owner(other)) for one, other in keys]
    assert [p for p in pairs if p[2] in rank and p[3] in rank and rank[p[3]] > rank[p[2]]] == []


@pytest.mark.usefixtures("db")
def test_the_log_answers_for_every_table_whose_change_would_matter() -> None:
    from xinqiao.ledger import covering
    from xinqiao.ledger.checking.own_notes import GUARDED

    answered = {covered.relation for covered in covering.registered().values()} | GUARDED
    assert set(tables()) - answered - set(NOT_COVERED) == set()
    assert set(NOT_COVERED) - set(tables()) == set(), "no such table any more"
    assert set(NOT_COVERED) & answered == set(), "covered by now"


@pytest.mark.usefixtures("db")
def test_no_domain_reaches_into_anothers_tables_by_plain_sql() -> None:
    named = re.compile(rf"\b({'|'.join(sorted(tables(), key=len, reverse=True))})\b")
    faults = []
    for module, _, tree in modules():
        package = module.split(".")[1] if "." in module else ""
        for text in sql_texts(tree):
            others = {t for t in named.findall(text) if owner(t) in domains() and owner(t) != package}
            faults += [f"{module}: {table}" for table in sorted(others - JOINED)]
    assert faults == []


@cache
def tables() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        return tuple(name for (name,) in cursor.fetchall())


def owner(table: str) -> str:
    return table.split("_", 1)[0]


def sql_texts(tree: ast.Module) -> Iterator[str]:
    """String constants that read like SQL; docstrings and names alone do not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
            yield node.value


SQL: Final = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|COPY|JOIN|FROM|LOCK TABLE)\b")


def test_whoever_puts_files_has_told_the_file_room_how_to_learn_what_it_keeps() -> None:
    """Else the night's clearing would sweep away what somebody still names."""
    from xinqiao import store

    putting = {module.split(".")[1] for module, path, _ in modules() if re.search(r"\bstore\.put", path.read_text())}
    assert putting - {"store"} == store.users()


# ── inside a domain ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_queries_never_act() -> None:
    """What writes to the log is an act; `queries` neither imports one nor anything that does."""
    acts = graph().find_modules_that_directly_import("xinqiao.ledger.log")
    faults = []
    for name in domains():
        queries = f"xinqiao.{name}.queries"
        if queries in graph().modules:
            reached = {m for m in graph().find_upstream_modules(queries) if m.startswith(f"xinqiao.{name}.")}
            faults += [f"{queries} leads to {act}" for act in sorted(reached & acts - set(TAKEN_BY_QUERIES))]
    assert faults == []


PURE: Final = (
    r"xinqiao\.kernel\b",
    r"xinqiao\.catalogue\b",
    r"xinqiao\.\w+\.rules\b",
    r"xinqiao\.ledger\.(tree|canonical)$",
)
CLOCK_READERS: Final = (
    r"xinqiao\.(cli|portal|api|site)\b",
    r"xinqiao\.\w+\.jobs$",
    r"xinqiao\.(database|work|store|keys)\b",
)


def clock_readings(tree: ast.Module) -> list[int]:
    """Lines that ask what time it is."""
    asked = {"now", "today", "utcnow", "localdate", "localtime"}
    calls = [n.func for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]
    named = [(c.lineno, c.attr, c.value.id) for c in calls if isinstance(c.value, ast.Name)]
    return [
        line
        for line, attribute, holder in named
        if (attribute in asked and holder in {"datetime", "date", "timezone"})
        or (holder, attribute) == ("time", "time")
    ]


def test_only_the_ways_in_and_the_jobs_read_the_clock() -> None:
    """Everybody else is told the time, so that it can be any time."""
    faults = []
    for module, path, tree in modules():
        if not any(re.match(one, module) for one in CLOCK_READERS):
            faults += [f"{path.relative_to(ROOT)}:{line}" for line in clock_readings(tree)]
    assert faults == []


def days_taken(tree: ast.Module) -> list[int]:
    """Lines that take the day of an instant by `.date()`."""
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]
    return [call.lineno for call in calls if call.func.attr == "date" and not call.args]  # type: ignore[attr-defined]


def test_a_day_is_the_city_s_day_also_in_the_tests() -> None:
    """Eight hours of every day an instant's own `.date()` is yesterday, and only then would anything go wrong."""
    allowed = {
        "xinqiao/kernel/city_time.py",
        "xinqiao/intake/reading/sheet_child.py",  # a cell's day, which has no zone
    }
    faults = []
    for folder in ("xinqiao", "xinqiao_city", "xinqiao_conformance", "xinqiao_bench", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if name not in allowed:
                faults += [f"{name}:{line}" for line in days_taken(ast.parse(path.read_text()))]
    assert faults == []


def test_time_and_chance_stay_out_of_the_rules() -> None:
    faults = []
    for module, _, tree in modules():
        if any(re.match(one, module) for one in PURE):
            names = {alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
            faults += [f"{module} imports {name}" for name in names & {"time", "random", "secrets", "socket", "uuid"}]
    assert faults == []


# ── size ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_functions_and_modules_stay_readable() -> None:
    faults = []
    for _, path, tree in modules():
        lines = len(path.read_text().splitlines())
        faults += (
            [f"{path.relative_to(ROOT)}: {lines} lines"] if lines > LONGEST_MODULE and path.name != "schema.py" else []
        )
        functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
        faults += [f"{path.relative_to(ROOT)}:{f.lineno} {f.name}" for f in functions if length(f) > LONGEST_FUNCTION]
    assert faults == []


def length(function: Any) -> int:
    return int(function.end_lineno - function.lineno + 1)


# ── the command line ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_command_module_is_registered() -> None:
    from xinqiao.cli import main

    offering = {p.stem for p in (HOUSE / "cli").glob("*.py") if "\ndef register(" in p.read_text()}
    assert offering == set(main.MODULES)
    assert all(importlib.import_module(f"xinqiao.cli.{name}").__doc__ for name in main.MODULES)
