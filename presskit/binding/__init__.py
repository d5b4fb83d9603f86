"""Front pages and attachments bound into one kit."""
