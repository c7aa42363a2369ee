"""信用档案: the facts held on one subject, each with where it came from and since when it is known."""
