from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0002_sender_constrained"),
    ]

    operations = [
        # What was sealed without details is sealed for nothing now; tokens live ten minutes.
        migrations.RunSQL("DELETE FROM parties_token", migrations.RunSQL.noop),
        migrations.AddField(model_name="token", name="details", field=models.TextField(default="")),
    ]
