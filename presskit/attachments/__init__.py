"""Attached files: pages to merge, or files to embed."""
