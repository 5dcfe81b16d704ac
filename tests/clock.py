"""The moment most tests happen at, so that none of them reads the real clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

KST = ZoneInfo("Asia/Seoul")
NOON = datetime(2026, 10, 2, 12, 0, tzinfo=KST)  # a Friday, after the law of 2026-09-11 took effect
