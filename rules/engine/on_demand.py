"""A function of a module that is loaded when the function is first called."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any


def on_demand(module: str, name: str) -> Callable[..., Any]:
    """Stands for function `name` of `module`: a topic nobody asks for costs no start-up time."""

    def call(*given: Any) -> Any:
        return getattr(import_module(module), name)(*given)

    return call
