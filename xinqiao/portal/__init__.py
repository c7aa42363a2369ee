"""页面: what people see. Pages parse, call one verb, render."""
