"""Templates for papers: the same language as the pages, but an undefined variable is an error.

Django's `{% if %}` and `{% for %}` treat an undefined name as empty, which in a letter is
a statutory section that quietly disappears. Here the parser builds variables that raise.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Never, cast

from django.conf import settings
from django.template import Context, Engine, Origin, Template
from django.template.backends.django import get_installed_libraries
from django.template.base import (
    FilterExpression,
    Lexer,
    Node,
    NodeList,
    Parser,
    Token,
    Variable,
    VariableDoesNotExist,
    VariableNode,
)
from django.template.exceptions import TemplateDoesNotExist
from django.template.loaders import filesystem


class UndefinedInPaper(LookupError):
    """A paper asks for something it was not given. The name of the variable, never its value."""


class _Undefined(str):
    """What Django hands out for an undefined variable; using it is the error."""

    __slots__ = ()

    def __mod__(self, name: object) -> Never:
        raise UndefinedInPaper(str(name))


UNDEFINED = _Undefined("%s")


class PaperContext(Context):
    """Remembers what was missing: `{% if a == b %}` swallows every exception raised inside it."""

    def __init__(self, values: Mapping[str, object]) -> None:
        super().__init__(dict(values))
        self.undefined: list[str] = []


class _StrictVariable(Variable):
    def resolve(self, context: Any) -> Any:
        try:
            value = super().resolve(context)
        except VariableDoesNotExist:
            value = UNDEFINED
        if value is UNDEFINED:
            if isinstance(context, PaperContext):
                context.undefined.append(str(self.var))
            raise UndefinedInPaper(str(self.var))
        return value


class _PrintedValue(VariableNode):
    """`{{ value }}`: an honest "None" has no place on paper either."""

    def render(self, context: Context) -> Any:
        if self.filter_expression.resolve(context) is None:
            raise UndefinedInPaper(f"{self.filter_expression.token} is None")
        return super().render(context)


class _PaperParser(Parser):
    def compile_filter(self, token: str) -> FilterExpression:
        expression = super().compile_filter(token)
        if expression.is_var:
            expression.var = _StrictVariable(expression.var.var)
        for _function, arguments in expression.filters:
            arguments[:] = [(is_var, _strict(value) if is_var else value) for is_var, value in arguments]
        return expression

    def extend_nodelist(self, nodelist: NodeList, node: Node, token: Token) -> None:
        if type(node) is VariableNode:
            node = _PrintedValue(node.filter_expression)
        super().extend_nodelist(nodelist, node, token)


def _strict(variable: Variable) -> Variable:
    return _StrictVariable(variable.var)


class _PaperTemplate(Template):
    def compile_nodelist(self) -> NodeList:
        tokens = Lexer(self.source).tokenize()
        parser = _PaperParser(
            tokens, self.engine.template_libraries, self.engine.template_builtins, self.origin
        )
        nodelist = parser.parse()
        self.extra_data = parser.extra_data
        return nodelist


class PaperLoader(filesystem.Loader):
    """Reads the project's template folders; what it compiles is strict, included and extended files too."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        tried: list[tuple[Origin, str]] = []
        for origin in self.get_template_sources(template_name):
            if skip is not None and origin in skip:
                tried.append((origin, "already extended"))
                continue
            try:
                return _PaperTemplate(self.get_contents(origin), origin, template_name, self.engine)
            except TemplateDoesNotExist:
                tried.append((origin, "not there"))
        raise TemplateDoesNotExist(template_name, tried=tried)


@lru_cache(maxsize=1)
def paper_engine() -> Engine:
    return Engine(
        dirs=[str(folder) for folder in cast("list[Path]", settings.TEMPLATES[0]["DIRS"])],
        loaders=["core.documents.strict_templates.PaperLoader"],
        libraries=get_installed_libraries(),
        string_if_invalid=UNDEFINED,
    )


@lru_cache(maxsize=128)
def _template(name: str) -> Template:
    return paper_engine().get_template(name)


def render_strictly(template: str, values: Mapping[str, object]) -> str:
    """The HTML of a paper. UndefinedInPaper when the template names anything it was not given."""
    context = PaperContext(values)
    html = _template(template).render(context)
    if context.undefined:
        raise UndefinedInPaper(", ".join(context.undefined))
    return html
