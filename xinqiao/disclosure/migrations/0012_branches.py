import django.db.models.deletion
from django.db import migrations, models

from xinqiao.ledger import restating


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("disclosure", "0011_pseudonyms"),
        ("parties", "0010_organisations"),
    ]

    operations = [
        migrations.AddField(
            model_name="receipt",
            name="branch",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.branch",
            ),
        ),
        restating.restated("disclosure", "receipt"),
    ]
