"""Laid-out pages as tagged PDF."""
