"""Settings, routes and the parts that run: everything below, wired together."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
