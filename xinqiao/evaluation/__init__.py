"""信用评价: how a file becomes a grade that explains itself."""
