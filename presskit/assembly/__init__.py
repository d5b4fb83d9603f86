"""What goes into a kit, gathered: what its pages show, its parts, and what is to be said of both."""
