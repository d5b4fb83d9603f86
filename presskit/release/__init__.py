"""What of a site is out, and when."""
