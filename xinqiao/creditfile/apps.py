from django.apps import AppConfig


class CreditfileConfig(AppConfig):
    name = "xinqiao.creditfile"
    label = "creditfile"
