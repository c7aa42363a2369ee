from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "xinqiao.disclosure"
    label = "disclosure"
