from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "xinqiao.disclosure"
    label = "disclosure"

    def ready(self) -> None:
        from xinqiao import store
        from xinqiao.disclosure import covered, pushed

        covered.register()
        store.named_by("disclosure", pushed.named)
