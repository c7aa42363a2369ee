from django.apps import AppConfig


class AuthorisationConfig(AppConfig):
    name = "xinqiao.authorisation"
    label = "authorisation"

    def ready(self) -> None:
        from xinqiao import store
        from xinqiao.authorisation import covered, scans

        covered.register()
        store.named_by("authorisation", scans.named)
