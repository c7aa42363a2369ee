from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "xinqiao.intake"
    label = "intake"

    def ready(self) -> None:
        from xinqiao import store
        from xinqiao.intake import covered, expiry

        covered.register()
        store.named_by("intake", expiry.named)
