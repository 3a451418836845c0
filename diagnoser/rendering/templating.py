"""The Jinja2 templates, filled so that a text of a report or a pack never becomes markup."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from diagnoser.rendering import views, words

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context

HERE = "diagnoser.rendering"


def fill(template: str, *, package: str = HERE, **values: object) -> str:
    """The template of this name, from the folder `templates` of the package or else of this one,
    with these values.

    Every value is cleaned and escaped for the kind of file that the name ends in: `.html`, `.md` or
    `.txt`. A value that is missing raises jinja2.UndefinedError.
    """
    return _environment(package).get_template(template).render(values)


def file(name: str, *, package: str = HERE) -> str:
    """A file of the templates as it is, such as a style sheet."""
    environment = _environment(package)
    assert environment.loader
    return environment.loader.get_source(environment, name)[0]


@cache
def _environment(package: str) -> Environment:
    # Imported only here: most commands fill no template, and Jinja2 takes a while to import.
    from jinja2 import (
        ChoiceLoader,
        Environment,
        PackageLoader,
        StrictUndefined,
        pass_context,
        select_autoescape,
    )
    from markupsafe import Markup

    from diagnoser.rendering import escaping

    @pass_context
    def safe(context: Context, value: object) -> str:
        if isinstance(value, Markup):
            return value
        if (context.name or "").endswith(".html"):
            return escaping.html(value)
        if (context.name or "").endswith(".md"):
            return escaping.markdown(value)
        return words.clean(value)

    made = Environment(
        loader=ChoiceLoader([PackageLoader(one) for one in dict.fromkeys([package, HERE])]),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        finalize=safe,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals |= {
        "short_time": words.short_time,
        "time_needed": words.time_needed,
        "views": views,
    }
    made.tests["web_address"] = words.is_address
    made.filters |= {
        "code": lambda text: Markup(escaping.markdown_code(text)),
        "counted": words.counted,
        "joined": words.joined,
        "minutes": words.minutes,
        "percent": words.percent,
        "source": lambda text: Markup(escaping.markdown_source(text)),
    }
    return made
