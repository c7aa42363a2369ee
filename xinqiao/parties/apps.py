from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "xinqiao.parties"
    label = "parties"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from xinqiao.parties import covered

        covered.register()
        # The framework would note each sign-in in the user's row, which the log answers for; nobody reads that note.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
