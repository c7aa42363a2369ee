"""Chinese is complete because it is the source; English is complete because this asks."""

import gettext
import io
import re

import pytest
from django.utils import translation

from xinqiao.portal import translations
from xinqiao.portal.refusals import in_words

PLACE = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def known() -> dict[translations.Text, list[str]]:
    return translations.read_po(translations.PO.read_text(encoding="utf-8"))


def test_every_text_of_the_pages_and_every_refusal_is_said_in_english(
    known: dict[translations.Text, list[str]],
) -> None:
    missing = [text.singular for text in translations.texts() if not all(known.get(text, [""]))]
    assert not missing, "run `python -m xinqiao.portal.translations` and fill in the .po"


def test_a_translation_leaves_no_number_out(known: dict[translations.Text, list[str]]) -> None:
    for text, told in known.items():
        for one in told:
            assert set(PLACE.findall(one)) == set(PLACE.findall(text.singular)), text.singular


def test_the_compiled_words_are_those_of_the_po(known: dict[translations.Text, list[str]]) -> None:
    compiled = translations.PO.with_suffix(".mo").read_bytes()
    assert compiled == translations.compiled(known)
    catalogue = gettext.GNUTranslations(io.BytesIO(compiled))
    for text, told in known.items():
        if text.plural is None:
            assert catalogue.gettext(text.singular) == told[0]
        else:
            assert [catalogue.ngettext(text.singular, text.plural, n) for n in (1, 2)] == told


def test_a_po_survives_being_written_and_read() -> None:
    known = {
        translations.Text('说"好"\\n 和\n换行'): ['say "yes"\\n and\na new line'],
        translations.Text("%(n)d 行", "%(n)d 行"): ["%(n)d row", "%(n)d rows"],
    }
    assert translations.read_po(translations.write_po(known)) == known


def test_a_refusal_is_said_in_the_readers_language() -> None:
    assert in_words("授权已撤回") == "授权已撤回"
    with translation.override("en"):
        assert in_words("授权已撤回") == "The grant was taken back"
