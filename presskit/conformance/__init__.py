"""What a kit conforms to, and why not."""
