"""`authorization_details` (RFC 9396): what a token is to reach, read as strictly as the questions themselves."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from xinqiao.api.parsing import ItemName, ItemsBesideGrade, read_json
from xinqiao.api.problems import Malformed, faults
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.parties.reach import WHOLE, Detail, Reach, Service

NAME: Final = "authorization_details"
MOST: Final = 20  # details of one token: a program that needs more asks for more tokens
LONGEST: Final = 8 * 1024  # characters


class MalformedDetails(Malformed):
    """`authorization_details` that cannot be read; members nobody knows are refused (RFC 9396 §5)."""

    def __init__(
        self, detail: Saying, errors: Sequence[Mapping[str, str]] = ({"field": NAME, "reason": "value"},)
    ) -> None:
        super().__init__(detail, errors)


class DetailAsk(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)

    type: Annotated[Service, Field(strict=False, description="哪项服务")]
    purpose: Annotated[ItemName | None, Field(description="只用于这个用途")] = None
    uscc: Annotated[str | None, Field(min_length=1, max_length=40, description="只查这个主体")] = None
    grade: Annotated[
        Literal[True] | None, Field(description="只用于 xinqiao_sharing：写明了 items 的，评价等级也可以查")
    ] = None
    items: Annotated[
        ItemsBesideGrade,
        Field(description="只查这些数据项；请求中须写明 items。空的列表只和 grade 一起用"),
    ] = None
    grant: Annotated[int | None, Field(ge=1, le=2**53 - 1, description="只用这份授权书；请求中须写明 grant")] = None

    @model_validator(mode="after")
    def _in_its_words(self) -> "DetailAsk":
        """A department asks by law, for no purpose of an agreement's and under no grant: naming one limits nothing."""
        if self.type is Service.SHARING and (self.purpose, self.grant) != (None, None):
            raise ValueError("xinqiao_sharing knows neither purpose nor grant")
        if self.grade and (self.type is not Service.SHARING or self.items is None):
            raise ValueError("grade stands beside the items of xinqiao_sharing")
        return self

    def detail(self) -> Detail:
        return Detail(
            self.type,
            self.purpose,
            None if self.uscc is None else str(Uscc.parse(self.uscc)),
            None if self.items is None else frozenset(self.items),
            self.grant,
            bool(self.grade),
        )


_LIST: Final = TypeAdapter(Annotated[list[DetailAsk], Field(min_length=1, max_length=MOST)])


def read(text: str | None) -> Reach:
    """The whole reach where nothing is said. Raises `MalformedDetails`, `NotAUscc`."""
    if text is None:
        return WHOLE
    if len(text) > LONGEST:
        raise MalformedDetails(Saying("{name} 超过 {most} 个字符", name=NAME, most=LONGEST))
    try:
        return tuple(one.detail() for one in _LIST.validate_python(read_json(text)))
    except ValidationError as error:
        found = faults(error.errors(), within=NAME)
        raise MalformedDetails(Saying("{fields}", fields=sorted({one["field"] for one in found})), found) from error
    except ValueError as error:
        raise MalformedDetails(Saying("{name} 应是 JSON 列表，没有重复的键", name=NAME)) from error


def told(reach: Reach) -> list[dict[str, Any]]:
    return [one.as_json() for one in reach]


def described() -> tuple[dict[str, Any], dict[str, Any]]:
    """For the description of the interface: the list, and the shapes it names."""
    schema = _LIST.json_schema(ref_template="#/components/schemas/{model}")
    return schema, schema.pop("$defs")
