"""To import this is to load all that kits are made with: for the process that workers are forked from.

Nothing is used yet, fonts above all: what is used may start threads, which no fork survives (see forkserver.py).
"""

from contextlib import suppress

from presskit.base.errors import MissingLibraryError
from presskit.base.startup import quick_imports

with quick_imports():
    import page  # noqa: F401
    import pikepdf  # noqa: F401

    from presskit import kit  # noqa: F401
    from presskit.batch import check  # noqa: F401
    from presskit.rendering import render

    # Whoever renders says so: there is somebody then to tell.
    with suppress(MissingLibraryError):
        render.load()
