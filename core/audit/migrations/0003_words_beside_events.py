"""Reasons leave the chain for a table of their own; the chain keeps their salted hash.

Histories begun before the first release hold reasons inside the chain. Their words are moved and
their chains hashed anew from the first of them on, each with an event that tells the head it had.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import UTC, datetime
from typing import Any

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from core.audit.operations import Chained, Erasable

GENESIS = "0" * 64
EVENTS = Chained("audit_event", unique=(("hash",), ("chain_id", "sequence")))
WORDS = Erasable("audit_eventwords", unique=(("event_id",),), action="history.words-erased")


def keep_words_apart(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    event_model = apps.get_model("audit", "Event")
    spoken = event_model.objects.exclude(reason="")
    for key in spoken.order_by().values_list("chain_id", flat=True).distinct():
        _hash_anew(apps, key)
    schema_editor.connection.check_constraints()  # PostgreSQL changes no table with checks still to be made


def _hash_anew(apps: Apps, key: str) -> None:
    chains, events = apps.get_model("audit", "Chain"), apps.get_model("audit", "Event")
    words = apps.get_model("audit", "EventWords")
    chain = chains.objects.get(pk=key)
    previous = GENESIS
    for event in events.objects.filter(chain_id=key).order_by("sequence"):
        if event.reason:
            salt = secrets.token_hex(16)
            words.objects.create(event_id=event.pk, text=event.reason, salt=salt)
            event.words_digest = _digest([salt, event.reason])
        event.previous_hash = previous
        event.hash = previous = _hash_of(event)
        event.save(update_fields=["words_digest", "previous_hash", "hash"])
    now = datetime.now(UTC)
    told = events(
        chain_id=key,
        sequence=chain.length + 1,
        action="history.hashed-anew",
        subject=f"audit.chain:{key}",
        recorded_at=now,
        happened_at=now,
        data={"head_before": chain.head, "events": chain.length},
        previous_hash=previous,
    )
    told.hash = _hash_of(told)
    told.save(force_insert=True)
    chains.objects.filter(pk=key).update(length=told.sequence, head=told.hash)


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _hash_of(event: Any) -> str:
    return _digest(
        {
            "chain": event.chain_id,
            "sequence": event.sequence,
            "action": event.action,
            "subject": event.subject,
            "actor": event.actor_id,
            "recorded_at": event.recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "happened_at": event.happened_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "reason": event.words_digest,
            "data": event.data,
            "previous": event.previous_hash,
        }
    )


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [
        EVENTS.lifted,
        migrations.CreateModel(
            name="EventWords",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="사유")),
                ("salt", models.CharField(max_length=32)),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="words",
                        to="audit.event",
                    ),
                ),
            ],
            options={"verbose_name": "이력에 적은 말", "verbose_name_plural": "이력에 적은 말"},
        ),
        migrations.AddField(
            model_name="event",
            name="words_digest",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="사유의 해시"),
            preserve_default=False,
        ),
        migrations.RunPython(keep_words_apart),
        migrations.RemoveField(model_name="event", name="reason"),
        EVENTS,
        WORDS,
    ]
