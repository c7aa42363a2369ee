from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "xinqiao.intake"
    label = "intake"

    def ready(self) -> None:
        from xinqiao.intake import covered

        covered.register()
