"""What this app announces, inside the transaction of the change."""

from django.dispatch import Signal

# user, closes_on (the first day it may be closed), now: somebody has not used their account for long
account_unused = Signal()

# duty, due_on, is_overdue, now: an organisation's yearly check is near its last day, or late
yearly_check_due = Signal()
