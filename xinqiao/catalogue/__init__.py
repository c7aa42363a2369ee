"""信用信息共享清单: what is collected from whom, field by field, read from the city's own files."""
