"""授权: which business allows whom to see what, for what, until when."""
