"""Valid codes for invented businesses and people."""

import random
from datetime import date
from typing import Final

from xinqiao.kernel.uscc import ALPHABET, Uscc, check_character, organisation_check_character

ID_WEIGHTS: Final = tuple(pow(2, 17 - i, 11) for i in range(17))
ID_CHECK: Final = "10X98765432"
# Codes given out under the present scheme begin with MA (businesses) and MF (rural collectives).
LEADING: Final = {"9": "MA", "N": "MF"}


def organisation_body(department: str, serial: int) -> str:
    """Eight characters, different for each serial up to 31**6, in the alphabet both standards share."""
    digits = ""
    for _ in range(6):
        serial, digit = divmod(serial, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return LEADING[department] + digits


def uscc(category: str, division: str, serial: int) -> Uscc:
    body = organisation_body(category[0], serial)
    first17 = category + division + body + organisation_check_character(body)
    return Uscc.parse(first17 + check_character(first17))


def id_number(rng: random.Random, division: str, born: date) -> str:
    """An 18-digit 居民身份证号码 whose check character is right (GB 11643)."""
    first17 = f"{division}{born:%Y%m%d}{rng.randint(1, 999):03d}"
    total = sum(int(c) * w for c, w in zip(first17, ID_WEIGHTS, strict=True))
    return first17 + ID_CHECK[total % 11]


def spoil_check(rng: random.Random, code: str) -> str:
    """The same code with its last character wrong, as a typing slip leaves it."""
    return code[:-1] + rng.choice([c for c in "0123456789ABCDEFGH" if c != code[-1]])


def phone(rng: random.Random) -> str:
    return f"1{rng.choice('3578')}{rng.randint(0, 999_999_999):09d}"
