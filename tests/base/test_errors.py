"""What is wrong, told alike wherever it was found."""

import pickle

import pytest

from presskit.base.errors import MissingLibraryError, PresskitError, Problem


@pytest.mark.parametrize("kind", [PresskitError, MissingLibraryError])
def test_errors_travel_between_processes(kind: type[PresskitError]) -> None:
    error = kind([Problem("un", "f.md", "champ", line=3, remedy="Faites ceci."), Problem("deux")])
    travelled = pickle.loads(pickle.dumps(error))
    assert type(travelled) is kind
    assert travelled.problems == error.problems
    assert str(travelled) == str(error)


def test_a_problem_tells_what_is_known_of_it() -> None:
    assert Problem("un", "f.md", line=3).as_json() == {"what": "un", "file": "f.md", "line": 3}
