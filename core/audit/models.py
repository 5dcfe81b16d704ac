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


class DayHead(models.Model):
    """What history was at the end of one day in Asia/Seoul: the root of a tree over every chain, signed.

    Each day names the head of the day before. The database refuses to change or delete it, and the
    key that signed it is not in the database.
    """

    day = models.DateField(_("날"), unique=True)
    root = models.CharField(max_length=64)
    leaf_count = models.PositiveBigIntegerField(_("사슬 수"))
    event_count = models.PositiveBigIntegerField(_("이력 수"))
    previous_hash = models.CharField(max_length=64, unique=True)  # a head has one successor
    closed_at = models.DateTimeField(_("닫은 시각"))
    key_id = models.CharField(_("서명 키"), max_length=32)
    hash = models.CharField(_("머리의 해시"), max_length=64, unique=True)
    signature = models.CharField(_("서명"), max_length=128)

    class Meta:
        verbose_name = _("하루의 머리")
        verbose_name_plural = _("하루의 머리")
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day} {self.hash[:12]}"


class DayLeaf(models.Model):
    """How far one chain had come at the end of a day. Only chains that grew have a leaf; others keep their last."""

    head = models.ForeignKey(DayHead, models.PROTECT, related_name="leaves")
    chain_key = models.CharField(
        max_length=40
    )  # no foreign key: it must outlive a chain that somebody deletes
    length = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)  # of the last event

    class Meta:
        verbose_name = _("하루의 잎")
        verbose_name_plural = _("하루의 잎")
        constraints = [
            models.UniqueConstraint(fields=["chain_key", "head"], name="one_leaf_of_a_chain_each_day"),
        ]

    def __str__(self) -> str:
        return f"{self.chain_key} #{self.length}"


class DayStamp(models.Model):
    """What a time-stamping authority (RFC 3161) said of a day head: that it was there at its time. Never changed."""

    head = models.OneToOneField(DayHead, models.PROTECT, related_name="stamp")
    authority = models.CharField(_("시점확인 기관"), max_length=200)  # the address it was asked at
    answer = models.BinaryField()  # the TimeStampResp, byte for byte
    stamped_at = models.DateTimeField(_("기관이 확인한 시각"))
    received_at = models.DateTimeField(_("받은 시각"))

    class Meta:
        verbose_name = _("시점확인")
        verbose_name_plural = _("시점확인")

    def __str__(self) -> str:
        return f"{self.head_id} {self.stamped_at:%Y-%m-%d %H:%M:%S}"


class StampErrand(models.Model):
    """That a day head is to be stamped, and when to ask again. The row is the queue."""

    head = models.OneToOneField(DayHead, models.PROTECT, related_name="stamp_errand")
    attempts = models.PositiveIntegerField(default=0)
    ask_after = models.DateTimeField()
    obstacle = models.CharField(max_length=200, blank=True)  # to the last attempt

    class Meta:
        verbose_name = _("시점확인 요청")
        verbose_name_plural = _("시점확인 요청")

    def __str__(self) -> str:
        return f"{self.head_id} ({self.attempts})"
