"""What this app announces, inside the transaction of the change."""

from django.dispatch import Signal

# organization, actor, now: what the organisation is, on some day, was set or corrected
profile_changed = Signal()
