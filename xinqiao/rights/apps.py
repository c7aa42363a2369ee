from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "xinqiao.rights"
    label = "rights"

    def ready(self) -> None:
        from xinqiao.rights import covered

        covered.register()
