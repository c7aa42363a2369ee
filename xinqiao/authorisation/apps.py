from django.apps import AppConfig


class AuthorisationConfig(AppConfig):
    name = "xinqiao.authorisation"
    label = "authorisation"

    def ready(self) -> None:
        from xinqiao.authorisation import covered

        covered.register()
