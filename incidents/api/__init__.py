"""The API of this app: asking the law, and cases. Mounted under `/api/v1/` by `config.api`."""

from ninja import Router

from incidents.api import cases, law

router = Router()
router.add_router("", law.router)
router.add_router("/cases", cases.router)
