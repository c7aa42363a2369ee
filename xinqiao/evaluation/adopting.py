"""Versions of models as they stand in the database: frozen whole, once, in the log, before anything rests on them.

Which of them grades is what two operators approved (`approving`); the city's files are where versions come from, and
must go on saying what was frozen.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from xinqiao import catalogue
from xinqiao.catalogue import City
from xinqiao.evaluation import binding, compiling, model_files
from xinqiao.evaluation.errors import ModelChanged, NoModelInForce
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.models import AdoptedModel, ModelLife
from xinqiao.evaluation.scoring import Runnable
from xinqiao.kernel.subject_kinds import TITLES, SubjectKind
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of


@dataclass(frozen=True, slots=True)
class Adopted:
    """A model version as it stands in the database; `id` is what grades refer to."""

    id: int
    runnable: Runnable

    @property
    def bound(self) -> Bound:
        return self.runnable.bound


def in_force(kind: SubjectKind, *, on: date, now: datetime) -> Adopted:
    """The version that grades this kind of subject on a day, by what was approved at a moment.

    Raises `NoModelInForce`, and `ModelChanged` where the files no longer say what was approved.
    """
    number = chosen(kind, on=on, now=now)
    if number is None:
        raise NoModelInForce(TITLES[kind], on.isoformat())
    return unchanged(recall(number))


def chosen(kind: SubjectKind, *, on: date, now: datetime, but: int = 0) -> int | None:
    """The newest version (`but` one) that was approved by then, not retired by then, and whose day has come."""
    rows = ModelLife.objects.filter(model__kind=kind.value, approved=True, decided_at__lte=now, since__lte=on)
    lasting = rows.filter(Q(until=None) | Q(until__gte=on), Q(retired_at=None) | Q(retired_at__gt=now))
    return lasting.exclude(pk=but).order_by("-since", "-decided_at", "-pk").values_list("model_id", flat=True).first()


def unchanged(adopted: Adopted) -> Adopted:
    """The same, if the city's files and its catalogue still say what was frozen. Raises `ModelChanged`."""
    city, frozen = catalogue.city(), canonical(adopted.bound)
    if _said_today(adopted.bound, city, frozen) != frozen:
        raise ModelChanged(adopted.bound.model.model, adopted.bound.model.version)
    return adopted


def _said_today(bound: Bound, city: City, frozen: str) -> str:
    """This version as its file has it; where the file has gone on to another, as the catalogue binds it today."""
    named = bound.model.model, bound.model.version
    for offered in _of_city(city):
        if (offered.bound.model.model, offered.bound.model.version) == named:
            return offered.document
    key = city.digest, _sha256(frozen)
    if key not in _bound_anew:
        faulty = any(binding.faults(bound.model, city))
        _bound_anew[key] = "" if faulty else canonical(binding.bind(bound.model, city))
    return _bound_anew[key]


def adopt(bound: Bound, *, now: datetime) -> Adopted:
    """Freeze this version, or find it frozen with the same words. Raises `ModelChanged`."""
    return _adopt(_offered(bound), now)


@dataclass(frozen=True, slots=True)
class _Offered:
    """A version as the files have it."""

    bound: Bound
    document: str
    sha256: str


def _offered(bound: Bound) -> _Offered:
    document = canonical(bound)
    return _Offered(bound, document, _sha256(document))


def _adopt(offered: _Offered, now: datetime) -> Adopted:
    model_id, document_sha256 = _found(offered.bound) or _freeze(offered, now)
    if document_sha256 != offered.sha256:
        raise ModelChanged(offered.bound.model.model, offered.bound.model.version)
    return recall(model_id)


def canonical(bound: Bound) -> str:
    """The model and what it takes from the catalogue, as one text that differs when either does."""
    return json.dumps(bound.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def written(bound: Bound) -> tuple[str, str]:
    """The canonical words and their digest: the same for the same rules, before they are frozen and after."""
    document = canonical(bound)
    return document, _sha256(document)


def digest(bound: Bound) -> str:
    return written(bound)[1]


def recall(model_id: int) -> Adopted:
    """A version adopted some time, to explain or repeat its grades. Only its digests are read a second time."""
    key = AdoptedModel.objects.values_list("pk", "document_sha256", "sql_sha256").get(pk=model_id)
    if key not in _recalled:
        row = AdoptedModel.objects.get(pk=model_id)
        bound = Bound.model_validate_json(row.document)
        _recalled[key] = Adopted(row.pk, Runnable(bound, row.sql, row.sql_sha256, json.loads(row.tables)))
    return _recalled[key]


def _found(bound: Bound) -> tuple[int, str] | None:
    named = AdoptedModel.objects.filter(model=bound.model.model, version=bound.model.version)
    return named.values_list("pk", "document_sha256").first()


def _freeze(offered: _Offered, now: datetime) -> tuple[int, str]:
    """Of two that adopt at once the second finds the first's row."""
    bound, frozen = offered.bound, compiling.once(offered.bound)
    try:
        with transaction.atomic():
            row = AdoptedModel.objects.create(
                model=bound.model.model,
                version=bound.model.version,
                kind=bound.model.kind.value,
                document=offered.document,
                document_sha256=offered.sha256,
                sql=frozen.sql,
                sql_sha256=frozen.digest,
                tables=json.dumps(frozen.tables),
                adopted_at=now,
            )
            log.append(Kind.MODEL_ADOPTED, now=now, about=_about(row), rows=[state_of(row)])
            return row.pk, row.document_sha256
    except IntegrityError:
        if (of_other := _found(bound)) is None:
            raise
        return of_other


def _about(row: AdoptedModel) -> dict[str, Any]:
    return {
        "model": row.model,
        "version": row.version,
        "kind": row.kind,
        "document": row.document_sha256,
        "sql": row.sql_sha256,
    }


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _of_city(city: City) -> list[_Offered]:
    """The city's model files, written out once for each reading of them. A faulty one is not among them: what stands
    in it waits to be mended, and stops nobody's grade."""
    bounds = [file.bound for file in model_files.sound(city).values()]
    key = tuple(id(bound) for bound in bounds)
    if key not in _files:
        _files[key] = [_offered(bound) for bound in bounds]
    return _files[key]


_files: dict[tuple[int, ...], list[_Offered]] = {}
_recalled: dict[tuple[int, str, str], Adopted] = {}
_bound_anew: dict[tuple[str, str], str] = {}
