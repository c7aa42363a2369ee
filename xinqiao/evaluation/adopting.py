"""Putting a model version in force: frozen whole, once, in the log, before it gives its first grade."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, transaction

from xinqiao import catalogue
from xinqiao.catalogue import City
from xinqiao.evaluation import compiling, model_files
from xinqiao.evaluation.errors import ModelChanged, NoModelInForce
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.models import AdoptedModel
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
    """The version that grades this kind of subject on a day, adopted now if it has not been.

    Raises `NoModelInForce`, and `ModelChanged` where the files no longer say what was adopted under their version.
    """
    for offered in _of_city(catalogue.city()):
        model = offered.bound.model
        since, until = model.effective.since, model.effective.until
        if model.kind is kind and since <= on and (until is None or on <= until):
            return _adopt(offered, now)
    raise NoModelInForce(TITLES[kind], on.isoformat())


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
    bound, frozen = offered.bound, _compiled(offered.document)
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


@lru_cache(maxsize=64)
def _compiled(document: str) -> compiling.Compiled:
    """Compiling takes a second or two; a process does it once for each version."""
    return compiling.compile(Bound.model_validate_json(document))


def _of_city(city: City) -> list[_Offered]:
    """The city's model files, written out once for each reading of them."""
    bounds = [file.bound for file in model_files.load(city).values()]
    key = tuple(id(bound) for bound in bounds)
    if key not in _files:
        _files[key] = [_offered(bound) for bound in bounds]
    return _files[key]


_files: dict[tuple[int, ...], list[_Offered]] = {}
_recalled: dict[tuple[int, str, str], Adopted] = {}
