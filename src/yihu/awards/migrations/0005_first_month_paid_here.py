"""With an opening balance stands from which month on this register pays; it is not read off from the runs any more.

What came in before gets what was read off until now: the month of the import, or that of the first run of one of its
programmes if that came later. Of two programmes that began in different months the earlier counts for both: what is
then made up for is seen in a run, what is forgotten is not. Where nothing was paid yet, it is the month after the
import, as for what comes in from now on.
"""

from django.db import migrations, models
from django.db.models import Q

FILL = """
ALTER TABLE awards_openingimport DISABLE TRIGGER USER;
UPDATE awards_openingimport o SET pays_from = coalesce(
    (
        SELECT greatest(min(r.month), date_trunc('month', o.imported_on)::date)
        FROM payments_paymentrun r JOIN awards_award a ON a.programme = r.programme
        WHERE a.opening_id = o.id AND o.division_id ^@ r.division_id AND r.state <> 'cancelled'
    ),
    (date_trunc('month', o.imported_on) + interval '1 month')::date
);
ALTER TABLE awards_openingimport ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    # The runs are read once, and only here.
    dependencies = [("awards", "0004_opening_lists"), ("payments", "0002_locks")]

    operations = [
        migrations.AddField(
            model_name="openingimport",
            name="pays_from",
            field=models.DateField(null=True, verbose_name="起发月份"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="openingimport",
            name="pays_from",
            field=models.DateField(verbose_name="起发月份"),
        ),
        migrations.AddConstraint(
            model_name="openingimport",
            constraint=models.CheckConstraint(condition=Q(pays_from__day=1), name="opening_pays_from_a_first"),
        ),
        migrations.AddField(
            model_name="openinglist",
            name="pays_from",
            field=models.DateField(blank=True, null=True, verbose_name="起发月份"),
        ),
    ]
