"""The clock: does on each day what is due, by commands like anybody's.

Each part of the domain has an agenda: it follows the log and says what is to be done on a day. What is done is a
command whose id says what and when, so two clocks, or one that starts again, do everything once. A clock that slept
goes through the days that it missed, one after the other, and decides on each what it would have decided then: by
effective dates, and as if that day were today. `workflow.agendas` names the agendas of this system.
"""
