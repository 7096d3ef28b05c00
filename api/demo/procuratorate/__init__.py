"""The demonstration of a county procuratorate: all of it is invented."""
