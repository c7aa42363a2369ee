from django.db import migrations, models

from xinqiao.ledger import restating


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("authorisation", "0008_grants_held"),
    ]

    operations = [
        migrations.AddField("consent", "asked_key", models.BinaryField(null=True)),
        migrations.AddField("consent", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "consent", models.UniqueConstraint(fields=("asked_key",), name="authorisation_consent_asked_once")
        ),
        restating.restated("authorisation", "consent"),
    ]
