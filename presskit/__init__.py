"""presskit: one communiqué and its attachments become one branded, accessible press kit."""

__version__ = "0.1.0"
