"""The words of papers and mail go when their case is destroyed."""

from django.db import migrations

from core.audit.operations import Destroyable

CASE = "SELECT c.reference FROM incidents_case c"
OF_A_PAPER = f"({CASE} JOIN notifications_paper p ON p.case_id = c.id WHERE p.id = OLD.paper_id)"
OF_A_VERSION = (
    f"({CASE} JOIN notifications_paper p ON p.case_id = c.id "
    "JOIN notifications_paperversion v ON v.paper_id = p.id WHERE v.id = OLD.version_id)"
)
OF_A_MAIL = (
    f"({CASE} JOIN incidents_deadline d ON d.case_id = c.id "
    "JOIN notifications_outgoingemail m ON m.deadline_id = d.id WHERE m.id = OLD.email_id)"
)


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0004_clock_reading"),
        ("incidents", "0014_destruction"),
        ("audit", "0007_destruction"),
    ]

    operations = [
        Destroyable("notifications_paperversion", unique=(("paper_id", "number"),), chain=OF_A_PAPER),
        Destroyable("notifications_approval", unique=(("version_id", "decision"),), chain=OF_A_VERSION),
        Destroyable("notifications_filing", unique=(("version_id", "recipient"),), chain=OF_A_VERSION),
        Destroyable("notifications_deliveryattempt", unique=(("email_id", "number"),), chain=OF_A_MAIL),
    ]
