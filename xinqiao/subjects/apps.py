from django.apps import AppConfig


class SubjectsConfig(AppConfig):
    name = "xinqiao.subjects"
    label = "subjects"

    def ready(self) -> None:
        from xinqiao.subjects import covered

        covered.register()
