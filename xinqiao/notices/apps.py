from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "xinqiao.notices"
    label = "notices"

    def ready(self) -> None:
        from xinqiao.notices import covered

        covered.register()
