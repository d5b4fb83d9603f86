"""What is read: communiqués, and the site that they are in."""
