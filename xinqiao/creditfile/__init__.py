"""信用档案: the facts held on one subject, each with its provenance, its two times, its standing and its term."""
