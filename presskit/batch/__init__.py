"""All kits of a site, in one run."""
