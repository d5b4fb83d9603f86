"""Reading PDF: objects, trees, and what pages are drawn with."""
