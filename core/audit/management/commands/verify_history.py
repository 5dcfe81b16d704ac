"""`manage.py verify_history`: exit 1 and the first broken place of each chain, or of the day heads, that does not hold."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.audit.heads import first_broken_day
from core.audit.keys import public_keys
from core.audit.models import DayHead, DayStamp, Event
from core.audit.outside import verify
from core.audit.sealing import unclosed_days
from core.audit.stamping import first_broken_stamp, trusted_certificates
from core.audit.verification import erased_words, first_break, known_chains
from core.audit.witnesses import untold_rows


class Command(BaseCommand):
    help = (
        "이력의 해시 사슬과 날마다 서명한 머리를 처음부터 끝까지 검증합니다. 하나라도 어긋나면 1로 끝납니다. "
        "적법하게 지운 사유는 어긋난 것이 아닙니다."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--case", metavar="REF", help="이 사건의 이력만 검증합니다.")
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="HASH",
            help="전에 받아 둔 하루의 머리. 지금의 머리 가운데 없으면 어긋난 것입니다.",
        )

        parser.add_argument(
            "--bundle",
            metavar="FILE",
            help="감사 묶음 하나를 검증합니다. 이 서버의 키로 서명한 것이어야 합니다.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["bundle"]:
            self._check_bundle(options["bundle"])
            return
        chains = known_chains()
        if options["case"]:
            if options["case"] not in chains:
                raise CommandError(f"이력이 없는 사건입니다: {options['case']}")
            chains = [options["case"]]
        untold = [] if options["case"] else [f"이력이 모르는 기록: {row}" for row in untold_rows()]
        self._refuse([*self._days(options["head"]), *filter(None, map(first_break, chains)), *untold])
        for key in chains:
            for sequence, told in erased_words(key):
                self.stdout.write(
                    f"지움: {key} #{sequence}의 사유(지웠다는 이력 #{told}). 이력은 그대로입니다."
                )
        count = Event.objects.filter(chain_id__in=chains).count()
        self.stdout.write(f"이력 {count}건, 사슬 {len(chains)}개가 모두 이어져 있습니다.")
        self._tell_days()

    def _check_bundle(self, path: str) -> None:
        try:
            findings = verify.findings_of(verify.read_bundle(path), set(public_keys()) or {"-"})
        except verify.NoBundle as fault:
            raise CommandError(f"묶음을 읽을 수 없습니다: {fault}") from fault
        self.stdout.write(verify.report(findings))
        if any(place is not None for _name, place, *_words in findings):
            sys.exit(1)

    def _refuse(self, breaks: list[Any]) -> None:
        for broken in breaks:
            self.stderr.write(self.style.ERROR(f"어긋남: {broken}"))
        if breaks:
            sys.exit(1)

    def _days(self, known: list[str]) -> list[Any]:
        gone = [wanted for wanted in known if not DayHead.objects.filter(hash=wanted).exists()]
        broken = filter(None, (first_broken_day(), first_broken_stamp()))
        return [*broken, *(f"받아 둔 머리가 없습니다: {wanted}" for wanted in gone)]

    def _tell_days(self) -> None:
        open_days = unclosed_days(now=timezone.now())
        if open_days:
            told = f"지난 {open_days}일의 이력에 아직 서명하지 않았습니다. 타이머와 서명 키를 확인해 주세요."
            self.stdout.write(self.style.WARNING(told))
        last = DayHead.objects.last()
        if last is None:
            self.stdout.write("서명한 날이 아직 없습니다. 오늘까지의 이력은 사슬로만 이어져 있습니다.")
            return
        self.stdout.write(
            f"하루의 머리 {DayHead.objects.count()}개가 모두 맞습니다. "
            f"마지막: {last.day} {last.hash} (키 {last.key_id})"
        )
        stamps = DayStamp.objects.count()
        if stamps:
            checked = "모두 맞습니다" if trusted_certificates() else "확인하지 않았습니다(인증서 없음)"
            self.stdout.write(f"시점확인 {stamps}개: {checked}.")
