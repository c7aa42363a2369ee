"""Judging rows: a catalogue item's fields and checks, compiled once, run over whole blocks. Pure: no clock, no database."""
