from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "xinqiao.evaluation"
    label = "evaluation"

    def ready(self) -> None:
        from xinqiao.evaluation import covered

        covered.register()
