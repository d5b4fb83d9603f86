"""Names on which laid-out pages, their tags and the binding of kits agree."""

# What begins the ids that are presskit's own: no author's has it.
RESERVED_ID = "kit-"
# The place of each merged part, by its number from 1, and the end of them all.
PART_ID, END_ID = f"{RESERVED_ID}part-", f"{RESERVED_ID}end"
# The title of a merged part, on its place.
PART_ATTRIBUTE = "data-part"
