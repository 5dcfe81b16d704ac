"""What this app announces. Each is sent inside the transaction, so a listener's rows share its fate."""

from django.dispatch import Signal

# case (closed), needless_on, step (NeedlessStep), now: its retention is over and nobody has asked for its destruction
case_needless = Signal()

deadlines_changed = Signal()  # case, now: deadlines were made, replaced, met or dismissed
destruction_asked = Signal()  # row (Destruction), now: one person asks to destroy a closed case
destruction_answered = Signal()  # row (Destruction), now: a second person approved or refused
