"""What this app announces. Each is sent inside the transaction, so a listener's rows share its fate."""

from django.dispatch import Signal

deadlines_changed = Signal()  # case, now: deadlines were made, replaced, met or dismissed
