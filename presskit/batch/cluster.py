"""Kits made on a Dask cluster: what a kit needs travels with it, so that machines need not share a disk.

The cluster is an existing one; each of its workers has presskit installed in the same version.
"""

import hashlib
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from presskit import __version__
from presskit.attachments import text
from presskit.attachments.kinds import Kind, kind_of
from presskit.base.errors import PresskitError, Problem, unsaid
from presskit.base.i18n import _
from presskit.base.limits import Limits
from presskit.base.listening import silenced
from presskit.base.worker import Done, do_here
from presskit.kit import make
from presskit.orders import Kit, Order
from presskit.prose.html import Setting, clean_html, to_html
from presskit.reading.communique import read_communique
from presskit.reading.files import Files, files_in
from presskit.reading.liquid import expand
from presskit.reading.site import NotFound, Site

SCHEME = "dask://"
EXTRA = "pip install 'presskit-pdf[dask]'"
_CONNECTING = "15s"
# How often a kit is given to another worker when one dies on it, beside what the cluster itself allows.
_RETRIES = 2
_HEARTBEAT = 0.2
_SHARED = ("layouts", "_includes", "_data")


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """An order with the files that it needs: their contents, by their paths from the site's root."""

    order: Order
    folder: str
    files: Mapping[str, bytes]
    environment: Mapping[str, str] = field(default_factory=dict)
    version: str = __version__


@dataclass(frozen=True)
class Bundle:
    """The files that all kits of a site need, and where those of its brand are."""

    files: Mapping[str, bytes]
    logo: str = ""
    fonts: str = ""

    @property
    def name(self) -> str:
        """What tells it from any other."""
        digest = hashlib.sha256()
        for path, content in sorted(self.files.items()):
            digest.update(f"{path}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()


def run(
    orders: Iterable[Order], address: str, stopping: Callable[[], bool] = lambda: False
) -> Iterator[Done[Order, Kit]]:
    """Have a cluster make kits; gives what came of each, in the order in which they end.

    A worker that dies costs its kits another try elsewhere. Raises PresskitError when the cluster can't be
    reached.
    """
    client: Any = _client(address)
    try:
        executor = client.get_executor(pure=False, retries=_RETRIES)
        # A few kits wait at each worker, so that none is idle; the others stay here.
        window = 2 * sum(client.nthreads().values()) + 1
        yield from _in_turns(orders, executor, client, window=window, stopping=stopping)
    finally:
        client.close()


def _client(address: str) -> Any:
    if not address.startswith(SCHEME):
        what = _("“{address}” is not the address of a cluster.").format(address=address)
        raise PresskitError(Problem(what, remedy=_("Write for instance: --executor dask://host:8786")))
    try:
        import distributed

        connect: Any = distributed.Client
    except ImportError as error:
        what = _("Dask is not installed on this machine.")
        raise PresskitError(Problem(what, remedy=_("Install it: {extra}").format(extra=EXTRA))) from error
    silenced("distributed")
    try:
        client = connect(f"tcp://{address.removeprefix(SCHEME)}", timeout=_CONNECTING)
    except (OSError, TimeoutError, ValueError) as error:
        what = _("the cluster at {address} can't be reached ({detail}).").format(address=address, detail=error)
        raise PresskitError(Problem(what, remedy=_("Check the address, and that its scheduler is running."))) from error
    if not client.nthreads():
        client.close()
        what = _("the cluster at {address} has no workers.").format(address=address)
        raise PresskitError(
            Problem(what, remedy=_("Start some: dask worker {host}").format(host=address[len(SCHEME) :]))
        )
    return client


def _in_turns(
    orders: Iterable[Order], executor: Executor, client: Any, *, window: int, stopping: Callable[[], bool]
) -> Iterator[Done[Order, Kit]]:
    bundles: dict[int, Any] = {}
    waiting: dict[Future[Done[Order, Kit]], Order] = {}
    coming = iter(orders)
    try:
        while True:
            while len(waiting) < window and (order := next(coming, None)) is not None:
                key = id(order.manuscript.site)
                if key not in bundles:
                    bundles[key] = client.scatter(_bundle(order.manuscript.site), broadcast=True)
                waiting[executor.submit(make_there, _parcel(order), bundles[key])] = order
            if not waiting or stopping():
                return
            for future in wait(waiting, _HEARTBEAT, FIRST_COMPLETED).done:
                order = waiting.pop(future)
                # Whatever a cluster can meet with: workers that die again and again, a network that ends.
                if (error := _error_of(future)) is None:
                    yield replace(future.result(), task=order)
                    continue
                what = _("the cluster could not build the kit ({detail}).").format(detail=type(error).__name__)
                remedy = _("Build it on this machine to see more: without --executor")
                yield Done(task=order, error=PresskitError(Problem(what, order.manuscript.name, remedy=remedy)))
    finally:
        executor.shutdown(wait=False)


def _error_of(future: Future[Done[Order, Kit]]) -> BaseException | None:
    try:
        return future.exception()
    except CancelledError as error:
        return error


# Packing, on this side


def _bundle(site: Site) -> Bundle:
    brand, root = site.brand, site.root
    folders = [root / name for name in _SHARED] + ([brand.font_folder] if brand.font_folder else [])
    paths = [path for folder in folders if folder.is_dir() for path in files_in(folder)]
    paths += [path for path in (root / "_config.yml", brand.logo) if path and path.is_file()]
    return Bundle(
        {site.inside(path): path.read_bytes() for path in paths},
        site.inside(brand.logo) if brand.logo else "",
        site.inside(brand.font_folder) if brand.font_folder else "",
    )


def _parcel(order: Order) -> Parcel:
    manuscript = order.manuscript
    site, folder = manuscript.site, manuscript.folder
    names = {"SOURCE_DATE_EPOCH"}
    try:
        paths = _needed(order, names)
    except PresskitError:
        # It can't be made: whoever tries says why.
        paths = set()
    bare = replace(site, root=Path(), brand=replace(site.brand, logo=None, font_folder=None))
    return Parcel(
        order=replace(order, manuscript=replace(manuscript, site=bare)),
        folder=site.inside(folder) if folder.resolve().is_relative_to(site.root.resolve()) else "",
        files={path: (site.root / path).read_bytes() for path in paths},
        environment={name: os.environ[name] for name in names if name in os.environ},
    )


def _needed(order: Order, environment: set[str]) -> set[str]:
    """The paths of the files that a kit is made of, found by reading what it will be made from."""
    manuscript = order.manuscript
    name, folder, site = manuscript.name, manuscript.folder, manuscript.site
    communique = read_communique(manuscript.octets, name, folder, warn=unsaid, site=site)
    files = Files(name, folder, site)
    communique = expand(communique, site, files.note, warn=unsaid)
    setting = Setting(lang=communique.lang or site.lang, source=name, warn=unsaid, image=files.find)
    for markdown in (communique.chapeau, communique.body, site.brand.boilerplate):
        to_html(markdown, setting)
    for picture in communique.images:
        files.find(picture.file, None)
    for attachment in communique.attachments:
        environment.add(attachment.password_env)
        for path, _single in files.expanded(attachment, "", unsaid):
            _look_inside(path, files, setting, limits=site.limits)
    return files.inputs.files


def _look_inside(path: Path, files: Files, setting: Setting, *, limits: Limits) -> None:
    """Find the images of an attached text."""

    def image(reference: str, _line: int | None) -> Path | None:
        found = files.locate(reference, path.parent)
        return None if isinstance(found, NotFound) else found

    kind = kind_of(path).kind
    if kind not in (Kind.MARKDOWN, Kind.HTML):
        return
    try:
        content = text.read(path, kind, limits.rows)
    except text.UnreadableError:
        return
    setting = replace(setting, image=image)
    if content.markdown:
        to_html(content.markdown, setting)
    else:
        clean_html(content.html, setting)


# Making, on the other side

_ONE_AT_A_TIME = threading.Lock()


def make_there(parcel: Parcel, bundle: Bundle) -> Done[Order, Kit]:
    """Make a kit on a cluster's worker, one at a time: libraries keep the state of a page in their modules."""
    order = parcel.order
    if parcel.version != __version__:
        what = _("the cluster has presskit {theirs}, this machine has {ours}.")
        what = what.format(theirs=__version__, ours=parcel.version)
        return Done(task=order, error=PresskitError(Problem(what, remedy=_("Install the same version everywhere."))))
    with _ONE_AT_A_TIME, _environment(parcel.environment):
        root = _home(bundle.name)
        kept = {path: content for path, content in parcel.files.items() if path not in bundle.files}
        try:
            _unpack(bundle.files, root)
            _unpack(kept, root)
            folder = root / parcel.folder
            folder.mkdir(parents=True, exist_ok=True)
            shared = root.parent / "shared"
            shared.mkdir(exist_ok=True)
            fonts = root / bundle.fonts if bundle.fonts else None
            site = order.manuscript.site
            brand = replace(site.brand, logo=root / bundle.logo if bundle.logo else None, font_folder=fonts)
            there = replace(order.manuscript, site=replace(site, root=root, brand=brand), folder=folder)
            own = replace(order, manuscript=there, outputs=replace(order.outputs, kit=None), shared=shared)
            done: Done[Order, Kit] = do_here(own, make)
        finally:
            for path in kept:
                (root / path).unlink(missing_ok=True)
    return replace(done, task=order)


@cache
def _home(name: str) -> Path:
    """The folder in which a site stands while its kits are made; it goes with the process."""
    import atexit

    folder = Path(tempfile.mkdtemp(prefix="presskit-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    root = folder / name[:16]
    root.mkdir()
    return root


def _unpack(files: Mapping[str, bytes], root: Path) -> None:
    for path, content in files.items():
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            continue
        place = root / path
        if not place.is_file():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Have the variables of the other side meanwhile: passwords of files, the date of the kits."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
