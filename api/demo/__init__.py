"""The demonstration organisation: a county procuratorate of 103 people, all of it invented."""
