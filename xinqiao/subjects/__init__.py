"""信息主体: the businesses the platform knows, by their one key and under all their names."""
