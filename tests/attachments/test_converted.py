"""What is converted once in a run."""

import threading
import time

from presskit.attachments.converted import Converted
from tests.conftest import SiteFolder


def test_each_content_is_converted_once_in_each_manner(site: SiteFolder) -> None:
    made: list[str] = []
    converted = Converted(site.root)
    for name, manner in (("a", "x"), ("b", "x"), ("a", "y"), ("c", "x")):
        path = site.write(f"{name}.png", b"other" if name == "c" else b"same")

        def convert(label: str = f"{name} {manner}") -> bytes:
            made.append(label)
            return label.encode()

        converted.once(path, manner, convert)
    assert made == ["a x", "a y", "c x"]


def test_others_wait_for_the_first(site: SiteFolder) -> None:
    path = site.write("a.png", b"same")
    converted = Converted(site.root)
    made: list[int] = []

    def convert() -> bytes:
        made.append(1)
        time.sleep(0.2)
        return b"result"

    results: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: results.append(converted.once(path, "x", convert))) for _number in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [b"result"] * 3
    assert len(made) == 1


def test_a_conversion_that_fails_is_tried_by_the_next(site: SiteFolder) -> None:
    path = site.write("a.png", b"same")
    converted = Converted(site.root)

    def fail() -> bytes:
        raise ValueError

    for _time in range(2):
        try:
            converted.once(path, "x", fail)
        except ValueError:
            continue
    assert converted.once(path, "x", lambda: b"result") == b"result"
