from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "xinqiao.oversight"
    label = "oversight"

    def ready(self) -> None:
        from xinqiao.oversight import covered

        covered.register()
