"""Outside programs that work on attached files: run to their end, or ended with all that they started."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence


def run(command: Sequence[str], environment: Mapping[str, str], seconds: float) -> int:
    """Run a program unseen, with more of an environment; gives its exit code.

    Raises subprocess.TimeoutExpired once it has been ended for taking longer than ``seconds``.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
        start_new_session=True,
    )
    try:
        return process.wait(seconds)
    finally:
        # LibreOffice and OCRmyPDF start helpers, which must not outlive them.
        if process.poll() is None:
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
