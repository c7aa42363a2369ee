"""How much of anything a file may have, and why that much."""

from typing import Final

MIB: Final = 1024 * 1024

# One record. The longest field of the catalogue (经营范围, 处罚事由) runs to some 20,000 characters; a megabyte is a
# file whose line ends or quotes are broken, and the memory of one block must hold the line it cuts.
RECORD: Final = MIB
# What is read at a time: large enough that Polars' start-up is lost in it, small enough that a block with its columns,
# values and faults stays near 150 MB.
BLOCK: Final = 16 * MIB
# And no more rows at a time than this: sixteen megabytes of two-byte lines would be eight million of them.
ROWS: Final = 100_000
# Items have at most about sixty fields; ten times that is still a table, a thousand columns is something else.
COLUMNS: Final = 600
# The part of a broken line shown to its source: enough to find it by.
SHOWN: Final = 200

# What a person would not see at the edge of a cell: Unicode White_Space, zero-width space, byte order mark.
WHITE: Final = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200C))) + "\u2028\u2029\u202f\u205f\u3000\ufeff"
)

# ── workbooks ────────────────────────────────────────────────────────────────────────────────────────────────────────
# The reader holds a whole sheet: measured 1.5 bytes of memory for each byte of its XML, so this is about 400 MB and
# some 350,000 rows of 15 columns. More comes as CSV.
UNPACKED: Final = 256 * MIB
# Programs write a dozen parts, and one for each sheet, drawing and theme.
PARTS: Final = 500
# Deflate reaches 1032; sheets of ordinary rows pack 8–30 to one, of one repeated row about 150.
PACKING: Final = 300
# The child that opens a workbook: address space, and processor seconds (150,000 rows take one).
CHILD_MEMORY: Final = 1024 * MIB
CHILD_SECONDS: Final = 60
