"""Check characters of whole columns at once. The kernel's types say the same of one code at a time."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from xinqiao.kernel import id_number, uscc

Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

# The modulus 31 sums of 17 products below 30 × 30 stay below 2**14, so 16 bits hold them.
_USCC_VALUE: Final = np.zeros(128, np.int16)
_USCC_VALUE[[ord(c) for c in uscc.ALPHABET]] = np.arange(31)
_USCC_LETTER: Final = np.frombuffer(uscc.ALPHABET.encode(), np.uint8)
_USCC_WEIGHTS: Final = np.array(uscc.WEIGHTS, np.int16)

_ORGANISATION_VALUE: Final = np.zeros(128, np.int16)
_ORGANISATION_VALUE[[ord(c) for c in uscc.ORGANISATION_ALPHABET]] = np.arange(36)
_ORGANISATION_WEIGHTS: Final = np.array(uscc.ORGANISATION_WEIGHTS, np.int16)
_ORGANISATION_LETTER: Final = np.frombuffer(b"0X987654321", np.uint8)  # by the sum's remainder to 11

_ID_WEIGHTS: Final = np.array(id_number.WEIGHTS, np.int16)
_ID_LETTER: Final = np.frombuffer(id_number.CHECKS.encode(), np.uint8)


def _letters(codes: pl.Series, width: int) -> Bytes:
    """ASCII codes of one width as a table of letters."""
    return np.frombuffer(codes.str.join("").item().encode(), np.uint8).reshape(-1, width)


def _sum(values: npt.NDArray[np.int16], weights: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    sums: npt.NDArray[np.int16] = np.einsum("ij,j->i", values, weights)
    return sums


def wrong_usccs(codes: pl.Series) -> Bools:
    """Which of these well-formed codes fail GB 32100 or, inside, GB 11714."""
    letters = _letters(codes, 18)
    inner = _wrong_organisation(letters[:, 8:17])
    remainder = _sum(_USCC_VALUE[letters[:, :17]], _USCC_WEIGHTS) % 31
    return inner | np.not_equal(_USCC_LETTER[(31 - remainder) % 31], letters[:, 17])


def wrong_organisation_codes(codes: pl.Series) -> Bools:
    """Which of these well-formed nine-letter codes fail GB 11714."""
    return _wrong_organisation(_letters(codes, 9))


def _wrong_organisation(letters: Bytes) -> Bools:
    remainder = _sum(_ORGANISATION_VALUE[letters[:, :8]], _ORGANISATION_WEIGHTS) % 11
    return np.not_equal(_ORGANISATION_LETTER[remainder], letters[:, 8])


def wrong_id_numbers(numbers: pl.Series) -> Bools:
    """Which of these well-formed 18-character numbers fail ISO 7064 MOD 11-2."""
    letters = _letters(numbers, 18)
    digits = (letters[:, :17] - ord("0")).astype(np.int16)
    return np.not_equal(_ID_LETTER[_sum(digits, _ID_WEIGHTS) % 11], letters[:, 17])


def wrong_registration_numbers(numbers: pl.Series) -> Bools:
    """Which of these 15-digit numbers fail ISO 7064 MOD 11,10."""
    digits = (_letters(numbers, 15) - ord("0")).astype(np.int16)
    product = np.full(len(digits), 10, np.int16)
    for place in range(14):
        product = (product + digits[:, place]) % 10
        product = np.where(product == 0, 10, product) * 2 % 11
    return np.not_equal((11 - product) % 10, digits[:, 14])
