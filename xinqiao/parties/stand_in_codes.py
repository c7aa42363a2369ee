"""样例口令器: stands in for the authenticator apps of the sample city's people. It says so, and production refuses it.

Like an app it has its own copy of each secret, in a file of the sample's folder that its owner alone can read; it opens
nobody's who is not of the sample.
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import pyotp
from django.contrib.auth import get_user_model

from xinqiao import home
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.parties import codes, factors, queries

STAND_IN: Final = (
    "样例人员的动态口令由样例口令器代为生成（xinqiao code 登录名），生产环境会拒绝。 · "
    "Codes of the sample's people come from a stand-in (`xinqiao code NAME`): production refuses it."
)


class SampleCodesOnly(Problem):
    """A stand-in has no place in production."""

    type = "not-ready"
    kind = Kind.REFUSED
    title = "样例口令器只在样例环境可用"


class NobodyOfTheSample(Problem):
    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "样例口令器里没有这个登录名"


@dataclass(frozen=True, slots=True)
class Now:
    """The code to type; None while those of this half minute are used, and then `seconds` to wait."""

    code: str | None
    seconds: int


def give(login: str, *, now: datetime) -> None:
    """Enrol the stand-in as this person's app, unless they have factors already. Raises `SampleCodesOnly`."""
    person = _person(login)
    if person is None or factors.of(person):
        return
    secret = pyotp.random_base32()
    _keep(_secrets() | {login: secret})
    step = int(now.timestamp()) // codes.STEP - codes.DRIFT  # the oldest, so that the code of now is still to come
    codes.enrol(person=person, secret=secret, code=codes.code_at(secret, step), now=now)


def code(login: str, *, now: datetime) -> Now:
    """Raises `SampleCodesOnly`, `NobodyOfTheSample`."""
    secret, person = _secrets().get(login), _person(login)
    if secret is None or person is None:
        raise NobodyOfTheSample
    step = codes.next_step(person, now)
    wait = codes.STEP - int(now.timestamp()) % codes.STEP
    return Now(None, wait) if step is None else Now(codes.code_at(secret, step), 0)


def _person(login: str) -> PersonId | None:
    user = get_user_model().objects.filter(username=login).first()
    person = None if user is None else queries.person_of_user(user.pk)
    return None if person is None else person.id


def _file() -> Path:
    if home.mode() is not home.Mode.SAMPLE:
        raise SampleCodesOnly(Saying("请用自己手机上的口令应用；样例人员在正式环境里不存在。"))
    folder = home.make_home() / "sample"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / "authenticator.json"


def _secrets() -> dict[str, str]:
    file = _file()
    return json.loads(file.read_text()) if file.exists() else {}


def _keep(secrets: dict[str, str]) -> None:
    draft = _file().with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "w") as out:
        json.dump(secrets, out)
    draft.replace(_file())
