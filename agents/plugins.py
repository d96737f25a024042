"""Finding the replaceable parts by name, so that adding one touches one file.

A family is a sub-package (``ripieno.agents.policies``) that names its base class as ``Base``. Every concrete class in
its files is a member; its name in a scenario is the class name in kebab case (``BaseStock`` is ``base-stock``).
A third party names its own class as ``their.module:Class``.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from functools import cache


def scenario_name(kind: type) -> str:
    """The name of a part in a scenario: its class name in kebab case, or the one it gives as ``name_in_scenario``."""
    given = vars(kind).get("name_in_scenario")
    return given or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", kind.__name__).lower()


@cache
def family(package: str) -> dict[str, type]:
    """All members of a family by their name in a scenario, e.g. ``family("policies")``."""
    home = importlib.import_module(f"{__package__}.{package}")
    members: dict[str, type] = {}
    for module in pkgutil.iter_modules(home.__path__):
        contents = vars(importlib.import_module(f"{home.__name__}.{module.name}"))
        for kind in contents.values():
            if _is_member(kind, home.Base) and kind.__module__.startswith(home.__name__):
                members[scenario_name(kind)] = kind
    return dict(sorted(members.items()))


def find(package: str, name: str) -> type:
    """The class behind a name in a scenario.

    Raises `LookupError` with the known names when there is none, or when ``module:Class`` cannot be imported.
    """
    if ":" in name:
        return _third_party(package, name)
    members = family(package)
    if name not in members:
        raise LookupError(f"{name!r} is not one of the {package}: {', '.join(members)}")
    return members[name]


def _third_party(package: str, name: str) -> type:
    module_name, class_name = name.split(":", 1)
    base = importlib.import_module(f"{__package__}.{package}").Base
    try:
        kind = getattr(importlib.import_module(module_name), class_name)
    except (ImportError, AttributeError, ValueError) as error:
        raise LookupError(f"{name!r} cannot be imported: {error}") from error
    if not _is_member(kind, base):
        raise LookupError(f"{name!r} is not a subclass of {base.__module__}.{base.__name__}")
    return kind  # type: ignore[no-any-return]


def _is_member(kind: object, base: type) -> bool:
    return inspect.isclass(kind) and issubclass(kind, base) and not inspect.isabstract(kind) and kind is not base
