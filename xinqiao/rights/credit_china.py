"""“信用中国”: the one window where repairs are applied for. One adapter; the city's own account there comes with it.

Only a simulator exists so far. It says so, keeps what is handed to it in a folder of the sample city, and refuses to
serve in production.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

from xinqiao import home
from xinqiao.kernel.sayings import Saying
from xinqiao.keys import NotForProduction


@dataclass(frozen=True, slots=True)
class Application:
    """What is handed over. `reference` is our own number: the same one twice is one application there."""

    reference: str
    uscc: str
    name: str
    target: str
    document: str
    submitted_on: str
    papers: Mapping[str, str]  # which paper it is: SHA-256 of the file, which goes along


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of a day's results, by the field names of `credit_repair`."""

    values: Mapping[str, str]


class Window(Protocol):
    @property
    def stand_in(self) -> str | None:
        """What to say at start where this is none of the real thing."""
        ...

    def hand_over(self, application: Application, files: Mapping[str, bytes]) -> str:
        """Returns the number under which it is followed there. Again with the same reference: the same number."""
        ...

    def decisions(self, day: date) -> list[Decision]:
        """Everything decided on a day, whoever applied for it and where."""
        ...


def window() -> Window:
    """The window this installation is joined to. Raises `NotForProduction` while only the simulator exists."""
    if home.mode() is home.Mode.PRODUCTION:
        raise NotForProduction(Saying("“信用中国”接口还没有接入；样例的模拟接口不能用于生产环境。"))
    return Simulator(home.make_home() / "credit_china_simulator")


class Simulator:
    """Plays the window for the sample city. `decide` is what an authority and Credit China would do between them."""

    stand_in: Final = (
        "“信用中国”由模拟接口扮演，没有真的移交 · Credit China is played by a simulator; nothing is really handed over"
    )

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def hand_over(self, application: Application, files: Mapping[str, bytes]) -> str:
        if set(files) != set(application.papers):
            raise ValueError("every paper named goes along, and no other")
        tracking = f"SIM-{application.reference}"
        if not self._file(tracking).exists():
            self._write(tracking, {"application": asdict(application), "decision": None})
        return tracking

    def decide(self, tracking: str, *, granted: bool, authority: str, on: date) -> bool:
        """In the sample only; returns whether there was such an application, not decided yet."""
        kept = self._read(tracking)
        if kept is None or kept["decision"] is not None:
            return False
        said = kept["application"]
        kept["decision"] = {
            "subject_name": said["name"],
            "uscc": said["uscc"],
            "target_kind": said["target"],
            "target_doc_no": said["document"],
            "applied_on": said["submitted_on"],
            "decided_on": on.isoformat(),
            "decision": "1" if granted else "2",
            "authority": authority,
            "effective_on": on.isoformat() if granted else "",
        }
        self._write(tracking, kept)
        return True

    def decisions(self, day: date) -> list[Decision]:
        kept = [self._read(path.stem) for path in sorted(self._folder.glob("*.json"))]
        made = [one["decision"] for one in kept if one is not None and one["decision"] is not None]
        return [Decision(one) for one in made if one["decided_on"] == day.isoformat()]

    def _file(self, tracking: str) -> Path:
        return self._folder / f"{tracking}.json"

    def _read(self, tracking: str) -> dict[str, Any] | None:
        known = {path.stem for path in self._folder.glob("*.json")}  # a name from outside leads nowhere else
        return json.loads(self._file(tracking).read_text("utf-8")) if tracking in known else None

    def _write(self, tracking: str, kept: Mapping[str, Any]) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        draft = self._file(tracking).with_suffix(".draft")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "w") as out:
            json.dump(kept, out, ensure_ascii=False)
        draft.replace(self._file(tracking))
