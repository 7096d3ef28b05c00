"""Erasing people, and restricting what is known of them: persons of staff and outsiders alike."""
