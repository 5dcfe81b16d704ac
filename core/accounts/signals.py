"""What this app announces, inside the transaction of the change."""

from django.dispatch import Signal

# organization, actor, now: what the organisation is, on some day, was set or corrected
profile_changed = Signal()

# organization, user (whose role), role, is_given, actor, now: somebody was given a role or lost one
role_changed = Signal()
