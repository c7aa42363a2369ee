"""The framework's secret: kept in the key room, asked for when the first cookie is signed."""

from base64 import urlsafe_b64encode

from xinqiao import keys


def site_secret() -> str:
    """The same text for all processes of this installation."""
    return urlsafe_b64encode(keys.provider().secret("site")).decode()
