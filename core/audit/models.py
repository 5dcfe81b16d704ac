"""Append-only history: one gap-free, hash-chained sequence for each case, and one for the house itself."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

HOUSE = "house"  # the chain of what belongs to no case: sign-ins, roles, settings, timers
GENESIS = "0" * 64


class Chain(models.Model):
    """The head of one sequence. Locked while an event is added, so that numbers have no gap."""

    key = models.CharField(max_length=40, primary_key=True)
    length = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        verbose_name = _("이력 사슬")
        verbose_name_plural = _("이력 사슬")

    def __str__(self) -> str:
        return f"{self.key} #{self.length}"


class EventQuerySet(models.QuerySet["Event"]):
    def of_chain(self, key: str) -> EventQuerySet:
        return self.filter(chain_id=key).order_by("sequence")


class Event(models.Model):
    """One thing that happened. The database refuses to change or delete it."""

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="events")
    sequence = models.PositiveBigIntegerField(_("순번"))
    action = models.CharField(_("행위"), max_length=60)
    subject = models.CharField(_("대상"), max_length=80, help_text="app.model:id")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("행위자")
    )
    recorded_at = models.DateTimeField(_("기록 시각"))
    happened_at = models.DateTimeField(_("일어난 시각"))
    words_digest = models.CharField(_("사유의 해시"), max_length=64, blank=True)  # of `EventWords`, salted
    data = models.JSONField(_("내용"), default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("이력")
        verbose_name_plural = _("이력")
        ordering = ("chain", "sequence")
        constraints = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="a_sequence_number_is_used_once"),
            models.CheckConstraint(condition=models.Q(sequence__gte=1), name="sequences_start_at_one"),
        ]
        indexes = [
            models.Index(fields=["subject"], name="event_subject"),
            models.Index(fields=["chain", "action", "sequence"], name="event_action"),
            models.Index(fields=["chain", "actor", "sequence"], name="event_actor"),
            models.Index(fields=["chain", "recorded_at", "sequence"], name="event_instant"),
        ]

    def __str__(self) -> str:
        return f"{self.chain_id} #{self.sequence} {self.action}"

    @property
    def reason(self) -> str:
        """Why, in the words of whoever said so; empty where nothing was said or the words were erased."""
        words: EventWords | None = getattr(self, "words", None)
        return words.text if words else ""

    @property
    def is_erased(self) -> bool:
        """Whether words belong to this event that are no longer there."""
        return bool(self.words_digest) and not self.reason


class EventWords(models.Model):
    """What a person wrote beside an event. History vouches for it by a salted hash alone, so it can be erased.

    The database refuses to change a row, and to delete one before history tells of its erasure.
    """

    event = models.OneToOneField(Event, models.PROTECT, related_name="words")
    text = models.TextField(_("사유"))
    salt = models.CharField(max_length=32)  # goes with the words: without it the hash betrays nothing

    class Meta:
        verbose_name = _("이력에 적은 말")
        verbose_name_plural = _("이력에 적은 말")

    def __str__(self) -> str:
        return str(self.event_id)
