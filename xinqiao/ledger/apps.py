from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "xinqiao.ledger"
    label = "ledger"

    def ready(self) -> None:
        from xinqiao.ledger import covering, following

        covering.register(following.covered())
