"""The library's own tests of DCB recorders."""

from eventsourcing.dcb.tests import DCBRecorderTestCase

SUITE = DCBRecorderTestCase()


def test_append_and_read(log):
    SUITE._test_append_read(log)


def test_append_and_read_after_others(log):
    SUITE._test_append_read(log)
    before = log.head().position
    SUITE._test_append_subscribe(log, before)


def test_append_and_subscribe(log):
    SUITE._test_append_subscribe(log)
