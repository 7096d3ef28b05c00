"""HTTP, the command line and imports: how people and programs reach the rules; none lives here."""
