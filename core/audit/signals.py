"""What history announces."""

from django.dispatch import Signal

# In the transaction of the closing. Sent with `head` (DayHead) and `now`, for the last day that has passed;
# the days before it that were closed in the same pass are vouched for by its link to them.
day_closed = Signal()

# In the transaction of the erasure. Sent with `event` (whose words are gone), `actor` (None: again, after a
# restore) and `now`.
words_erased = Signal()
