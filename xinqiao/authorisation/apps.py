from django.apps import AppConfig


class AuthorisationConfig(AppConfig):
    name = "xinqiao.authorisation"
    label = "authorisation"
