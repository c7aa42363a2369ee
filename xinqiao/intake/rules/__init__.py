"""Judging rows: an item's fields and checks, compiled once, run over whole blocks. Pure: no clock, no database."""
