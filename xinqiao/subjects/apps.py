from django.apps import AppConfig


class SubjectsConfig(AppConfig):
    name = "xinqiao.subjects"
    label = "subjects"
