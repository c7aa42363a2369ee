"""Writing what people take away: workbooks and lists. Knows no domain."""
