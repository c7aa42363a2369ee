"""The framework's own room: settings, addresses, the WSGI entry. Nothing is decided here."""
