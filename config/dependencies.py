"""`python -m config.dependencies`: known vulnerabilities of the pinned packages. Ends with 1 when there is one.

Without an answer from the advisory service nothing was checked, and it says so; BREACHDESK_REQUIRE_AUDIT=1
makes that a failure too.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "dev.lock")
PATIENCE_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Report:
    """What the advisory service said of the packages of one lock file."""

    vulnerable: list[str]
    checked: int
    unanswered: int


def read_report(answer: dict[str, Any]) -> Report:
    """`pip-audit --format json` in our words: each vulnerability as `package version: id (mended in …)`."""
    packages = answer["dependencies"]
    unanswered = [one for one in packages if "skip_reason" in one]
    vulnerable = [
        f"{one['name']} {one['version']}: {fault['id']} (mended in {', '.join(fault['fix_versions']) or 'none yet'})"
        for one in packages
        for fault in one.get("vulns", ())
    ]
    return Report(vulnerable, len(packages) - len(unanswered), len(unanswered))


def audit(lock: Path) -> Report | None:
    """The report on one lock file; None when the service could not be asked."""
    tool = shutil.which("pip-audit", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if tool is None:
        return None
    command = [tool, "--requirement", str(lock), "--require-hashes", "--disable-pip", "--format", "json"]
    try:
        done = subprocess.run(  # noqa: S603 - our own tool on our own file
            [*command, "--progress-spinner", "off"], capture_output=True, text=True, timeout=PATIENCE_SECONDS
        )
        return read_report(json.loads(done.stdout))
    except (subprocess.TimeoutExpired, ValueError):
        return None


def main() -> int:
    reports = {name: audit(ROOT / name) for name in LOCKS}
    failed = False
    for name, report in reports.items():
        if report is None or report.checked == 0:
            print(f"dependencies: {name} NOT CHECKED, the advisory service did not answer")  # noqa: T201
            failed |= os.environ.get("BREACHDESK_REQUIRE_AUDIT") == "1"
            continue
        for fault in report.vulnerable:
            print(f"dependencies: {name}: {fault}")  # noqa: T201
        left = f", {report.unanswered} without an answer" if report.unanswered else ""
        print(f"dependencies: {name}: {report.checked} packages checked{left}")  # noqa: T201
        failed |= bool(report.vulnerable)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
