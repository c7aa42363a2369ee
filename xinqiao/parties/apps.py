from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "xinqiao.parties"
    label = "parties"
