"""What this app announces, inside the transaction of the change."""

from django.dispatch import Signal

# user, closes_on (the first day it may be closed), now: somebody has not used their account for long
account_unused = Signal()

# duty, due_on, is_overdue, now: an organisation's yearly check is near its last day, or late
yearly_check_due = Signal()
# alert, now: the rules found something in the log
alert_raised = Signal()

# explanation, now: somebody is to say what they did
explanation_asked = Signal()

# place (Organization), kind, period, people, now: nobody has looked a period over in time
review_overdue = Signal()

# user (None where a source is locked), now: too many failed sign-ins
door_locked = Signal()

# request (CopyRequest), now: somebody asks to take out what covers many people
copy_asked = Signal()

# request (CopyRequest), now: a second person answered
copy_answered = Signal()

# user, now: somebody signed in while another session of theirs was in use from another network
second_network = Signal()
