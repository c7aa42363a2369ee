from django.apps import AppConfig


class AuthorisationConfig(AppConfig):
    name = "xinqiao.authorisation"
    label = "authorisation"

    def ready(self) -> None:
        from xinqiao import store
        from xinqiao.authorisation import covered, handing_on, scans

        covered.register()
        handing_on.register()
        store.named_by("authorisation", scans.named)
