from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "xinqiao.disclosure"
    label = "disclosure"

    def ready(self) -> None:
        from xinqiao.disclosure import covered

        covered.register()
