"""`manage.py verify_evidence`: opens every kept file and compares it with what was taken in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from core.documents.vault import NoVaultKey, VaultBroken, reread
from incidents.models import Evidence

IS_GONE = Q(case__destructions__begun_at__isnull=False)


class Command(BaseCommand):
    help = "보관한 증거를 모두 열어 받을 때와 같은지 봅니다. 다르거나 없으면 1로 끝나고 무엇인지 알립니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--case", metavar="REF", help="이 사건의 증거만")

    def handle(self, *args: Any, **options: Any) -> None:
        items = Evidence.objects.filter(~IS_GONE).select_related("case").order_by("case__reference", "number")
        if options["case"]:
            items = items.filter(case__reference=options["case"])
        faults = [f"{item}: {fault}" for item in items if (fault := fault_of(item))]
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write(f"증거 {items.count()}건이 모두 받을 때와 같습니다.")


def fault_of(item: Evidence) -> str:
    """What is wrong with the kept file; empty for nothing."""
    try:
        found = reread(item.path)
    except (VaultBroken, NoVaultKey) as fault:
        return str(fault)
    except OSError:
        return f"보관한 파일이 없거나 읽을 수 없습니다: {item.kept_as}"
    return "" if (found.sha256, found.size) == (item.sha256, item.size) else "받을 때와 내용이 다릅니다."
