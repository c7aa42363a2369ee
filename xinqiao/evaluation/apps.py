from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "xinqiao.evaluation"
    label = "evaluation"
