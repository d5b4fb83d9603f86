"""A communiqué's Markdown as clean HTML, with nothing of it lost."""
