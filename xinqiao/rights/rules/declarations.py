"""自主申报: where what a business says of itself stands, and which fields of an item it fills in. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from xinqiao.catalogue.schema import Item, ItemField
from xinqiao.kernel.sayings import Saying

COMMITMENT, NUMBER, PROOF = "commitment_no", "declaration_no", "evidence_hash"


class State(StrEnum):
    STANDING = "standing"
    REPLACED = "replaced"  # corrected by a newer one of the same key
    WITHDRAWN = "withdrawn"


STATE_TITLES: Final = {
    State.STANDING: Saying("已申报"),
    State.REPLACED: Saying("已更正"),
    State.WITHDRAWN: Saying("已撤回"),
}


def asked(item: Item) -> Mapping[str, ItemField]:
    """The fields of the form: all but who it is, under which commitment, and what we number ourselves."""
    ours = {item.subject.field, item.subject.name, COMMITMENT, NUMBER, PROOF}
    return {name: field for name, field in item.fields.items() if name not in ours}


def key_of(item: Item, values: Mapping[str, str]) -> str:
    return " ".join(values.get(name, "").strip() for name in item.delivery.key)
