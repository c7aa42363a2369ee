"""验证: is this ours, unaltered, in the log? By number and digest, or by the receipt file; nothing told is shown."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.disclosure import copies, queries
from xinqiao.disclosure import credentials as told_credentials
from xinqiao.kernel.ids import EventId
from xinqiao.kernel.sayings import Saying
from xinqiao.language import said
from xinqiao.ledger import identity, receipts
from xinqiao.ledger import queries as ledger
from xinqiao.portal import delivered, limits, wording
from xinqiao.portal.entrance import address_of
from xinqiao.portal.errors import FormIncomplete
from xinqiao_verify import acceptances, credentials, documents
from xinqiao_verify import receipts as told_receipts
from xinqiao_verify.notes import Key
from xinqiao_verify.reading import evidence
from xinqiao_verify.receipts import Refused, Standing, Verdict

LARGEST_FILE: Final = 64 * 1024 * 1024  # as the verifier itself; a report is kilobytes
KINDS: Final = {acceptances.FORMAT: acceptances.check, documents.FORMAT: documents.check}
DIGEST_LENGTH: Final = 64
LONGEST_NUMBER: Final = 18


@dataclass(frozen=True, slots=True)
class Said:
    """The answer in plain words: proven, promised, or not ours."""

    tone: str
    title: str
    detail: str
    facts: tuple[tuple[str, str], ...] = ()


def verify(request: HttpRequest) -> HttpResponse:
    """A form, and the answer above it. The code on a printed report is this address with its number and digest."""
    asked = request.POST if request.method == "POST" else request.GET
    told: dict[str, Any] = {"trust": [key.line for key in trusted()], "said": asked}
    if request.method == "POST" or asked.get("digest"):
        limits.count(limits.PUBLIC_CHECK, address_of(request), now=timezone.now())
        told["verdict"] = _of_file(request) if asked.get("by") == "file" else _of_number(asked)
    return render(request, "portal/public/verify.html", told)


def trusted() -> list[Key]:
    """The platform's own keys."""
    return [receipts.key(), identity.key(), told_credentials.key()]


def address_to_check(number: str, digest: str) -> str:
    """Where anybody checks a report with this number and digest."""
    return f"{reverse('portal:verify')}?{urlencode({'number': number, 'digest': digest})}"


def _of_number(asked: QueryDict) -> Said:
    """R-20261123-000417 or 417, and the digest printed beside it."""
    number = asked.get("number", "").strip().upper().rpartition("-")[2]
    digest = "".join(asked.get("digest", "").split()).lower()
    if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER):
        return Said("care", _("编号看不懂"), _("编号像 R-20261123-000417，或者只写最后一段数字。"))
    if len(digest) != DIGEST_LENGTH or set(digest) - set("0123456789abcdef"):
        return Said("care", _("指纹不完整"), _("指纹是 64 位的数字和字母 a–f，印在回执编号旁边。"))
    found = queries.public_check(int(number), digest)
    if not found.genuine:
        return _not_ours(_("本平台没有出过这个编号和指纹的报告，或者内容被改过。先看编号和指纹有没有抄错一位。"))
    kept = _("已经记入防篡改日志。") if found.proven else _("刚刚受理，一两秒后就有日志证明。")
    compare = _("纸上的内容有没有改过，编号看不出来：要核对内容，请出示的人给您下载的 PDF 或报告文件，在下面验证。")
    return Said("good", _("编号和指纹是真的"), f"{_('本平台出过这份报告，')}{kept}{_since(found.changed)}{compare}")


def _of_file(request: HttpRequest) -> Said:
    """The file alone, against the platform's own keys: what a judge would do offline, done here."""
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        raise FormIncomplete(Saying("请选择要验证的文件。"))
    if sent.size is None or sent.size > LARGEST_FILE:
        return Said("care", _("文件太大，不像本平台出的"), _("报告和回执通常只有几十 KB。"))
    content = sent.read()
    if content.lstrip()[:1] == b"{":
        return _of_evidence(content)
    return _of_presentation(content) if credentials.is_one(content) else _of_document(content)


def _of_document(content: bytes) -> Said:
    """A PDF, a workbook or a list: ours to the byte, or not."""
    found = copies.known(content)
    if found is None and copies.altered(content):
        return _not_ours(_("它原来是本平台出具的，可是出具以后被改过了。哪怕只改一个字、另存一次，也不再是原件。"))
    if found is None:
        return _not_ours(_("本平台没有出过这个文件，或者出具以后被改过。"))
    place = _kept(proven=found.proven)
    facts = (*_of_file_told(found.receipt), *_of_report(found.receipt))
    return Said(
        "good",
        _("是真的，没有改过"),
        f"{_('这个文件由本平台出具，一个字都没有改过。')}{place}{_since(found.changed)}",
        facts,
    )


def _of_presentation(content: bytes) -> Said:
    """A report of which some parts are shown."""
    keys = {key.name: key for key in trusted()}
    try:
        told = credentials.check(content.decode(), keys, now=int(timezone.now().timestamp()))
        found = copies.known(credentials.signed_part(content.decode()).encode())
    except (Refused, UnicodeDecodeError):
        return _not_ours(_("它不是本平台签发的凭证，或者内容被改过，或者过了有效期。"))
    if found is None:
        return _not_ours(_("本平台没有签发过这份凭证。"))
    shown = _("、").join(said(str(part["title"])) for part in told.shown.values())
    hidden = _("、").join(said(title) for title in told.hidden)
    parts = ((_("出示了"), shown), (_("没有出示"), hidden))
    facts = (*_of_file_told(found.receipt), *_of_report(found.receipt), *(one for one in parts if one[1]))
    detail = _("凭证由本平台签发，出示的部分没有改过；没有出示的部分写的是什么，从这里看不出来。")
    return Said("good", _("是真的，没有改过"), f"{detail}{_since(found.changed)}", facts)


def _since(changed: int) -> str:
    """What has become of it since, so that nobody relies on what is no longer so."""
    if not changed:
        return ""
    return ngettext(
        "出具以后，里面有 %(n)d 条信息已经变化或者撤下，请要一份新的。",
        "出具以后，里面有 %(n)d 条信息已经变化或者撤下，请要一份新的。",
        changed,
    ) % {"n": changed}


def _kept(*, proven: bool) -> str:
    return _("已经记入防篡改日志。") if proven else _("刚刚受理，一两秒后再验证就能看到日志证明。")


def _of_evidence(content: bytes) -> Said:
    """A receipt by itself or with what it is of."""
    keys = {key.name: key for key in trusted()}
    try:
        with evidence(content) as file:
            verdict = KINDS.get(str(file.get("format")), told_receipts.check)(file, keys)
    except (Refused, UnicodeDecodeError):
        return _not_ours(_("它不是本平台出的回执文件，或者内容被改过。"))
    proven = verdict.standing is Standing.PROVEN or _proven_since(verdict, file["event"])
    return _genuine(verdict, proven=proven)


def _proven_since(verdict: Verdict, event: str) -> bool:
    """The file carries a promise; the log may have kept it by now."""
    told = verdict.receipt
    if "delivery" in told or "document" in told:
        return ledger.has_place(EventId(json.loads(event)["event"]))
    return queries.public_check(int(told["number"]), str(told["report_digest"])).proven


def _facts(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """What the holder of the file knows anyway: number, about whom, to whom, when, and where in the log."""
    told = [*(_of_delivery if "delivery" in verdict.receipt else _of_report)(verdict.receipt)]
    if verdict.position is not None and verdict.size is not None:
        place = {"n": wording.count(verdict.position), "size": wording.count(verdict.size)}
        told.append((_("日志位次"), _("第 %(n)s 位，共 %(size)s 条") % place))
    return tuple(fact for fact in told if fact[1])


def _of_file_told(receipt: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield _("报告编号"), str(receipt["report"])


def _of_report(receipt: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield _("回执编号"), str(receipt.get("number") or receipt["receipt"])
    yield _("关于"), str(receipt["subject"])
    yield _("出具给"), str(receipt["recipient"].get("name", ""))
    yield _("出具时间"), wording.instant(datetime.fromisoformat(receipt.get("told_at") or receipt["issued_at"]))


def _of_delivery(receipt: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield _("交付编号"), str(receipt["delivery"])
    yield _("出具时间"), wording.instant(datetime.fromisoformat(receipt["signed_at"]))
    yield _("原件指纹"), receipt["file"]["sha256"]
    if receipt["state"] != "received":
        yield _("核验结果"), delivered.sum_words(receipt["rows"])


def _genuine(verdict: Verdict, *, proven: bool) -> Said:
    title = _("是真的，已证明") if proven else _("是真的，日志证明稍后可取")
    place = _("已经记入防篡改日志。") if proven else _("刚刚受理，一两秒后再验证就能看到日志证明。")
    return Said("good", title, f"{_unaltered(verdict)}{place}", _facts(verdict))


def _unaltered(verdict: Verdict) -> str:
    if "delivery" in verdict.receipt:
        return _("收件回执由本平台出具，没有改过；原件是不是这一份，请核对指纹。")
    if "document" in verdict.receipt:
        return _("文件的回执由本平台出具，没有改过；文件本身请也在这里验证。")
    if verdict.report:
        return _("报告和回执由本平台出具，一个字都没有改过。")
    return _("回执由本平台出具，没有改过。文件里没有报告，纸上的内容请与报告文件核对。")


def _not_ours(detail: str) -> Said:
    ask = _("还是不对的，请出示的人给您原始的回执文件，或者直接问出具的机构；请不要照这份内容办事。")
    return Said("bad", _("不能证明是本平台出的"), f"{detail}{ask}")
