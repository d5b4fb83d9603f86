"""Plain text: its signs, its language, its typography."""
