"""Layouts: found, filled in with a communiqué, its parts and its brand, and given as one HTML page.

A layout is a folder with ``layout.html`` (Jinja2), ``layout.css``, ``layout.toml`` (the kinds it serves)
and ``words.toml`` (its words by language). A site's own ``layouts/`` folder comes before presskit's.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from presskit.base.errors import PresskitError, Problem, Warn
from presskit.base.i18n import _
from presskit.base.marks import END_ID, PART_ID
from presskit.base.resources import resource_folder
from presskit.layout.context import Content, context_of, css_variables, kind_key, merged_of
from presskit.prose.html import typeset
from presskit.reading.communique import LAYOUT, Communique
from presskit.reading.fields import unknown_choice
from presskit.reading.site import Site
from presskit.text import typography

DEFAULT = "communique"

# Jekyll's own names: a `layout:` that is meant for the web site, not for a kit.
_WEB_LAYOUTS = {"default", "post", "posts", "page", "home", "communiques", "communique-de-presse"}


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A layout's name, where it is, and the kinds of communiqué that it serves."""

    name: str
    folder: Path
    description: dict[str, str]
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Page:
    """A laid-out communiqué: HTML, the folders whose files its layout may use, and the layout's words.

    ``notice`` is what every page of its kit must say, '' for nothing.
    """

    html: str
    folders: tuple[Path, ...]
    words: Mapping[str, str] = field(default_factory=dict)
    notice: str = ""


def layouts(site: Site | None) -> dict[str, Layout]:
    """All layouts by name, those of the site first."""
    found: dict[str, Layout] = {}
    for folder in _folders(site):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if (path / "layout.html").is_file() and path.name not in found:
                about = _toml(path / "layout.toml")
                description = about.get("description")
                kinds = tuple(str(kind) for kind in about.get("kinds", ()))
                found[path.name] = Layout(
                    name=path.name,
                    folder=path,
                    description=description if isinstance(description, dict) else {},
                    kinds=kinds,
                )
    return found


def choose(communique: Communique, site: Site, wanted: str, *, warn: Warn) -> Layout:
    """The layout for a communiqué: the one wanted, else its ``layout:``, else the one of its kind.

    Raises PresskitError when the one wanted does not exist.
    """
    known = layouts(site)
    if wanted:
        if wanted in known:
            return known[wanted]
        raise PresskitError(
            Problem(
                _("there is no layout named “{name}”.").format(name=wanted),
                remedy=unknown_choice(wanted, list(known)),
            )
        )
    named = communique.layout
    if named in known:
        return known[named]
    if named and named.lower() not in _WEB_LAYOUTS:
        warn(
            Problem(
                _("there is no layout named “{name}”: the kind of communiqué decides.").format(name=named),
                communique.source,
                "layout",
                line=communique.line_of(*LAYOUT),
                remedy=unknown_choice(named, list(known)),
            )
        )
    kind = kind_key(communique.kind)
    for layout in known.values():
        if kind and kind in {kind_key(served) for served in (layout.name, *layout.kinds)}:
            return layout
    return known[DEFAULT]


def lay_out(layout: Layout, content: Content, warn: Warn) -> Page:
    """Fill in a layout. Raises PresskitError when the layout itself is at fault."""
    folders = _folders(content.site)
    environment = _environment(folders)
    template = f"{layout.name}/layout.html"
    try:
        context = context_of(content, _words_for(layout, content, warn))
        html = environment.get_template(template).render(context)
    except TemplateSyntaxError as error:
        raise PresskitError(
            Problem(error.message or "", error.name or template, line=error.lineno, remedy=_("Correct the layout."))
        ) from error
    except TemplateError as error:
        raise PresskitError(Problem(str(error), template, remedy=_("Correct the layout."))) from error
    ends = [END_ID, *(f"{PART_ID}{number}" for number, _part in enumerate(merged_of(content.parts), 1))]
    if not all(f'id="{end}"' in html for end in ends):
        raise PresskitError(
            Problem(
                _("the layout leaves no place for the attached pages."),
                template,
                remedy=_("Extend communique/layout.html, or end with {{ attached_pages }}."),
            )
        )
    return Page(html=html, folders=folders, words=context["words"], notice=context["notice"])


def lay_out_attachment(title: str, body: str, site: Site, *, lang: str, text: bool, wide: bool = False) -> Page:
    """A page for an attachment that has none of its own; a ``text`` gets its title above it, a ``wide`` one lies."""
    folders = _folders(site)
    template = _environment(folders).get_template(f"{DEFAULT}/attachment.html")
    brand = site.brand
    return Page(
        html=template.render(
            lang=lang,
            title=Markup(typeset(title, lang)),
            plain_title=title,
            text=text,
            wide=wide,
            body=Markup(body),
            css_variables=css_variables(brand),
        ),
        folders=folders,
    )


def lay_out_text(content: Content, body: str, une: Sequence[tuple[Any, str]], *, warn: Warn) -> str:
    """A communiqué's text alone, as plain HTML without any look: for who pastes it elsewhere.

    ``body`` is its text, ``une`` its pictures with their addresses in it.
    """
    folders, lang = _folders(content.site), content.lang
    layout = Layout(name="room", folder=folders[-1] / "room", description={})
    context = context_of(content, _words_for(layout, content, warn)) | {
        "body": Markup(body),
        "pictures": [
            {
                "url": url,
                "alt": p.alt,
                "caption": Markup(typeset(p.caption, lang)),
                "credit": Markup(typeset(p.credit, lang)),
            }
            for p, url in une
        ],
    }
    return _environment(folders).get_template("room/text.html").render(context)


def words_of(layout: str, site: Site, lang: str) -> dict[str, str]:
    """The words of a layout in a language, in English where it has none; the site's own come first."""
    merged: dict[str, str] = {}
    for folder in reversed(_folders(site)):
        chosen = Layout(name=layout, folder=folder / layout, description={})
        merged |= _words(chosen, site, lang) or _words(chosen, site, "en") or {}
    return merged


def environment_of(site: Site) -> Environment:
    """The templates of a site's layouts, over presskit's own."""
    return _environment(_folders(site))


@cache
def _environment(folders: tuple[Path, ...]) -> Environment:
    environment = SandboxedEnvironment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["file_url"] = lambda name: _layout_file(folders, str(name)).as_uri()
    return environment


def _layout_file(folders: tuple[Path, ...], name: str) -> Path:
    for folder in folders:
        path = (folder / name).resolve()
        if path.is_file() and path.is_relative_to(folder.resolve()):
            return path
    raise PresskitError(Problem(_("the layout's file “{name}” is not there.").format(name=name)))


def _words_for(layout: Layout, content: Content, warn: Warn) -> Mapping[str, str]:
    """A layout's words in a content's language, or in English, with a warning."""
    words = _words(layout, content.site, content.lang)
    if words is None:
        what = _("the layout has no words in the language “{lang}”: they are in English.").format(lang=content.lang)
        warn(Problem(what, content.communique.source, "lang"))
        words = _words(layout, content.site, "en") or {}
    return words


def _words(layout: Layout, site: Site, lang: str) -> dict[str, str] | None:
    """A layout's words in a language, over those of the layout that all inherit from."""
    language = typography.language_of(lang)
    words: dict[str, str] = {}
    for folder in (*(base / DEFAULT for base in reversed(_folders(site))), layout.folder):
        words |= _toml(folder / "words.toml").get(language, {})
    return words or None


def _folders(site: Site | None) -> tuple[Path, ...]:
    ours = resource_folder("layouts")
    return (site.layouts, ours) if site and site.layouts.is_dir() and site.layouts != ours else (ours,)


def _toml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    status = path.stat()
    return _parsed_toml(path, status.st_mtime_ns, status.st_size)


@cache
def _parsed_toml(path: Path, _changed: int, _size: int) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PresskitError(
            Problem(
                _("the TOML can't be read ({detail}).").format(detail=error),
                f"{path.parent.name}/{path.name}",
                remedy=_("Correct the layout."),
            )
        ) from error
