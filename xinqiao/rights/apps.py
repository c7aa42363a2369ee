from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "xinqiao.rights"
    label = "rights"

    def ready(self) -> None:
        from xinqiao import store
        from xinqiao.rights import covered, proofs

        covered.register()
        store.named_by("rights", proofs.named)
