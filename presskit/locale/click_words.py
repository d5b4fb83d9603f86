"""The words of click that presskit shows, for `make messages` to find: they are never used from here."""

from presskit.base.i18n import _, ngettext


def words_of_click() -> list[str]:
    """List them."""
    return [
        _("Aborted!"),
        _("Options"),
        _("Commands"),
        _("Missing command."),
        _("Show the version and exit."),
        _("Show this message and exit."),
        _("Error: {message}"),
        _("Try '{command} {option}' for help."),
        _("Invalid value: {message}"),
        _("Invalid value for {param_hint}: {message}"),
        _("Missing argument"),
        _("Missing option"),
        _("Missing parameter"),
        _("No such option {name!r}."),
        _("No such command {name!r}."),
        _("Usage:"),
        _("Option {name!r} does not take a value."),
        ngettext("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", 2),
        ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", 2),
        ngettext("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", 2),
    ]
