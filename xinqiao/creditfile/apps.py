from django.apps import AppConfig


class CreditfileConfig(AppConfig):
    name = "xinqiao.creditfile"
    label = "creditfile"

    def ready(self) -> None:
        from xinqiao.creditfile import covered

        covered.register()
