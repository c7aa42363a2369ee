from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("authorisation", "0007_delegates")]

    operations = [
        migrations.AddIndex(
            "grant",
            models.Index(
                condition=models.Q(given_at__isnull=False, revoked_at__isnull=True),
                fields=["subject", "institution", "ends_at"],
                name="authorisation_grant_held",
            ),
        )
    ]
