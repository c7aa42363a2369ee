from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "xinqiao.parties"
    label = "parties"

    def ready(self) -> None:
        from xinqiao.parties import covered

        covered.register()
