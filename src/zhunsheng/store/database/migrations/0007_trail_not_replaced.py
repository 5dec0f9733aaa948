"""Nothing changes in the tables: the triggers that keep the trail are renewed after every migration, now with those
against INSERT OR REPLACE.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("database", "0006_executed_amounts"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop),
    ]
