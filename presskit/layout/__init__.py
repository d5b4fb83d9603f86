"""Pages filled in: layouts, their words, and their colours."""
