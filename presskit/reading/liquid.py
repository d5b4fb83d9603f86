"""The Liquid in a communiqué's text, as Jekyll and Eleventy sites use it: filled in, in a sandbox.

A template sees the site's settings, its data and the page's front matter, and can include files of
``_includes``; it reaches nothing else, and is stopped when it grows without end. What can't be done is a
warning with its line, and nothing in the page.
"""

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presskit.base.errors import PresskitError, Problem, Warn
from presskit.base.i18n import _
from presskit.reading import jekyll
from presskit.reading.communique import Communique, read_front_matter
from presskit.reading.settings import read_text
from presskit.reading.site import CONFIG, Site
from presskit.reading.yaml_text import parse_yaml

if TYPE_CHECKING:
    from liquid import Environment, RenderContext, Token
    from liquid.exceptions import LiquidError

_MARKS = re.compile(r"\{\{|\{%")
_INCLUDES, _DATA = "_includes", "_data"
_PATH = re.compile(r"[\w.\[\]-]+")
_ARGUMENT = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.\[\]-]+))""")
_MOST_OUTPUT, _MOST_LOOPS, _MOST_VARIABLES = 2_000_000, 100_000, 4_000_000


def expand(communique: Communique, site: Site, note: Callable[[Path], object], *, warn: Warn) -> Communique:
    """Fill in the Liquid of a communiqué's text; ``note`` is told of each file of the site that is used."""
    if not site.liquid or not _MARKS.search(communique.body) or _is_off(communique):
        return communique
    template = _Template(communique=communique, site=site, note=note, warn=warn)
    body, lines = template.render()
    return replace(communique, body=body, lines=tuple(lines))


def _is_off(communique: Communique) -> bool:
    return str(communique.front_matter.get("render_with_liquid", "")).lower() == "false"


@dataclass(frozen=True, kw_only=True)
class _Template:
    """One communiqué's text as a template; ``texts`` names the files that it includes, by their text."""

    communique: Communique
    site: Site
    note: Callable[[Path], object]
    warn: Warn
    texts: dict[str, str] = field(default_factory=dict)

    def render(self) -> tuple[str, list[int]]:
        """The text filled in, and the line of the file that each of its lines comes from."""
        from liquid.builtin.content import ContentNode
        from liquid.exceptions import LiquidError

        body, first = self.communique.body, self.communique.body_line
        environment = _environment(self)
        config = self.site.root / CONFIG
        if config.is_file():
            self.note(config)
        try:
            template = environment.from_string(body, globals=self._variables())
        except LiquidError as error:
            # One that opens and never ends: where it was meant to, nobody knows.
            self.fail(error, error.token)
            return re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{\{|\{%", "", body), []
        context = template.context_class(template, globals=template.make_globals({}))
        output, lines = io.StringIO(), [first]
        # One piece after another, to know which line each comes from.
        for node in template.nodes:
            start = max(node.token.start_index, 0)
            buffer = context.get_buffer()
            try:
                node.render(context, buffer)
            except LiquidError as error:
                self.fail(error, error.token or node.token)
            except RecursionError:
                self.report(_("it includes itself endlessly"), node.token)
            piece = buffer.getvalue()
            if isinstance(node, ContentNode):
                start = max(body.find(node.text, start), start)
            line = first + body.count("\n", 0, start)
            step = 1 if isinstance(node, ContentNode) else 0
            lines += [line + step * number for number in range(1, piece.count("\n") + 1)]
            output.write(piece)
        return output.getvalue(), lines

    def fail(self, error: "LiquidError", token: "Token | None") -> None:
        """Warn of what Liquid can't do, in plain words where they are known."""
        message = str(error.message)
        if unknown := re.fullmatch(r"unexpected tag '(.*)'|unknown filter '(.*)'", message):
            message = _("presskit does not know “{name}”").format(name=unknown[1] or unknown[2])
        elif isinstance(error.__cause__, PresskitError):
            message = error.__cause__.problems[0].what
        else:
            message = _("it can't be understood ({detail})").format(detail=message)
        self.report(message, token)

    def report(self, what: str, token: "Token | None") -> None:
        """Warn of what can't be done."""
        place, line = self.communique.source, None
        if token is not None and token.start_index >= 0:
            line = token.source.count("\n", 0, token.start_index) + 1
            if token.source == self.communique.body:
                line += self.communique.body_line - 1
            else:
                place = self.texts.get(token.source, _INCLUDES)
        message = _("Liquid: {what}: nothing is printed for it.").format(what=what)
        self.warn(Problem(message, place, line=line, remedy=_("Write the text itself in its place.")))

    def _variables(self) -> dict[str, Any]:
        communique, site = self.communique, self.site
        path = site.places(communique.folder / communique.source)[-1]
        front_matter = _typed(communique.front_matter)
        page = {
            **front_matter,
            "title": communique.title,
            "date": communique.date,
            "path": path,
            "collection": jekyll.collection_of(site.config, path),
            "url": jekyll.address(site.config, path, communique.front_matter),
        }
        settings = {**_typed(site.config), "url": site.url, "data": _Data(self)}
        settings.setdefault("baseurl", "")
        return {"page": page, "site": settings}

    def include(self, name: str) -> str:
        """The text of a file of ``_includes``. Raises PresskitError when it is not there."""
        text = self._read(_INCLUDES, name)
        self.texts[text] = f"{_INCLUDES}/{name}"
        return text

    def _read(self, folder: str, name: str) -> str:
        path = (self.site.root / folder / name).resolve()
        if not path.is_relative_to((self.site.root / folder).resolve()) or not path.is_file():
            raise PresskitError(Problem(_("“{name}” is not there").format(name=f"{folder}/{name}")))
        self.note(path)
        return read_text(path, name)

    def data(self, name: str) -> Any:
        """A file of ``_data``, by its name without its ending; None when it is not there."""
        for ending, parse in ((".yml", _yaml), (".yaml", _yaml), (".json", json.loads)):
            try:
                return _typed(parse(self._read(_DATA, name + ending)))
            except (PresskitError, ValueError):
                continue
        return None

    def link(self, target: str) -> str:
        """The address of a page or file of the site. Raises PresskitError when it is not there."""
        target = target.strip().strip("\"'").lstrip("/")
        path = (self.site.root / target).resolve()
        if not path.is_file() or not path.is_relative_to(self.site.root.resolve()):
            raise PresskitError(Problem(_("“{name}” is not there").format(name=target)))
        self.note(path)
        base = str(self.site.config.get("baseurl") or "").rstrip("/")
        front_matter = read_front_matter(path)
        return base + (f"/{target}" if front_matter is None else jekyll.address(self.site.config, target, front_matter))

    def post(self, name: str) -> str:
        """The path of a post from its name. Raises PresskitError when there is none."""
        folder = self.site.root / jekyll.folder_of(self.site.config, jekyll.POSTS)
        stem = name.strip().strip("\"'").lstrip("/")
        for ending in (".md", ".markdown", ".html"):
            if (folder / f"{stem}{ending}").is_file():
                return f"{jekyll.folder_of(self.site.config, jekyll.POSTS)}/{stem}{ending}"
        raise PresskitError(Problem(_("“{name}” is not there").format(name=stem)))


class _Data(Mapping[str, Any]):
    """``site.data``: each file read when it is asked for."""

    def __init__(self, template: _Template) -> None:
        self._template = template

    def __getitem__(self, name: str) -> Any:
        if not re.fullmatch(r"[\w-]+", str(name)):
            raise KeyError(name)
        value = self._template.data(str(name))
        if value is None:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _yaml(text: str) -> Any:
    # Below a key of its own, for a file of data may be a list.
    return parse_yaml(f"data:\n  {text.strip().replace(chr(10), chr(10) + '  ')}", "")[0]["data"]


def _typed(value: Any) -> Any:
    """Values as Liquid compares them: yes and no, and numbers where the text of one says nothing more."""
    if isinstance(value, Mapping):
        return {key: _typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_typed(item) for item in value]
    if isinstance(value, str):
        if value in ("true", "false"):
            return value == "true"
        if re.fullmatch(r"0|-?[1-9]\d{0,14}", value):
            return int(value)
    return value


def _environment(template: _Template) -> "Environment":
    """Liquid's own tags and filters, and Jekyll's that make sense in print, for one template."""
    from liquid import Environment, Mode, Undefined
    from liquid.exceptions import LiquidError

    class Unknown(Undefined):
        """A variable that has no value: told when it is printed or looped over, not when it is asked for."""

        def _tell(self) -> None:
            name = str(self.name)
            if self.token is not None and (path := _PATH.match(self.token.source, self.token.start_index)):
                name = path[0]
            template.report(_("“{name}” has no value").format(name=name), self.token)

        def __str__(self) -> str:
            self._tell()
            return ""

        def items(self) -> Any:
            self._tell()
            return super().items()

    class Sandbox(Environment):
        """An environment that tells of what goes wrong, and goes on."""

        loop_iteration_limit = _MOST_LOOPS
        output_stream_limit = _MOST_OUTPUT
        local_namespace_limit = _MOST_VARIABLES

        def error(self, exc: Any, msg: str | None = None, token: "Token | None" = None) -> None:
            error = exc if isinstance(exc, LiquidError) else exc(msg, token=token)
            template.fail(error, error.token or token)

    environment = Sandbox(tolerance=Mode.LAX, undefined=Unknown, strict_filters=True)
    for tag in _tags(template):
        environment.add_tag(tag)
    base = str(template.site.config.get("baseurl") or "").rstrip("/")
    environment.add_filter("relative_url", lambda path: f"{base}/{str(path).lstrip('/')}")
    environment.add_filter("absolute_url", lambda path: f"{template.site.url}{base}/{str(path).lstrip('/')}")
    # The text is Markdown still, and will be set with the rest.
    environment.add_filter("markdownify", str)
    environment.add_filter("xml_escape", environment.filters["escape"])
    environment.add_filter("jsonify", lambda value: json.dumps(value, ensure_ascii=False, default=str))
    environment.add_filter("slugify", lambda text: jekyll.slug(str(text)))
    return environment


def _tags(template: _Template) -> Iterator[Any]:
    """Jekyll's own tags, whose arguments are no Liquid expressions."""
    from liquid.ast import Node
    from liquid.builtin.expressions import Path as Variable
    from liquid.builtin.expressions import tokenize
    from liquid.exceptions import LiquidError, LiquidSyntaxError
    from liquid.stream import TokenStream
    from liquid.tag import Tag
    from liquid.token import TOKEN_EXPRESSION, TOKEN_TAG

    def include(argument: str, context: "RenderContext", token: "Token") -> str:
        name, _space, rest = argument.strip().partition(" ")
        values: dict[str, Any] = {}
        for key, double, single, variable in _ARGUMENT.findall(rest):
            values[key] = double or single
            if variable:
                stream = TokenStream(tokenize(variable, parent_token=token))
                values[key] = Variable.parse(context.env, stream).evaluate(context)
        name = name.strip("\"'")
        included = context.env.from_string(template.include(name), name=name)
        buffer = context.get_buffer()
        with context.extend({"include": values}, template=included):
            included.render_with_context(context, buffer, partial=True)
        return buffer.getvalue()

    def link(argument: str, _context: object, _token: object) -> str:
        return template.link(argument)

    def post_url(argument: str, _context: object, _token: object) -> str:
        return template.link(template.post(argument))

    class Jekyll(Node):
        """A tag with its argument as it is written."""

        def __init__(self, token: "Token", argument: str, function: Any) -> None:
            super().__init__(token)
            self.argument, self.function = argument, function
            self.blank = False

        def render_to_output(self, context: "RenderContext", buffer: Any) -> int:
            try:
                return int(buffer.write(self.function(self.argument, context, self.token)))
            except PresskitError as error:
                raise LiquidError(error.problems[0].what, token=self.token) from error

    for tag_name, function in (
        ("include", include),
        ("include_cached", include),
        ("link", link),
        ("post_url", post_url),
    ):

        class Named(Tag):
            """One of Jekyll's tags."""

            name = tag_name
            block = False
            work = staticmethod(function)

            def parse(self, stream: TokenStream) -> Node:
                token = stream.eat(TOKEN_TAG)
                if stream.current.kind != TOKEN_EXPRESSION:
                    raise LiquidSyntaxError(f"{self.name}?", token=token)
                return Jekyll(token, stream.current.value, self.work)

        yield Named
