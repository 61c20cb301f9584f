"""Where each cause of a denial or a pend can be: which plans have it, in which settings, for which families."""

from collections.abc import Sequence
from dataclasses import dataclass

from sources.generate.catalog import Fate
from sources.generate.people import Family
from sources.generate.spec import Spec
from sources.generate.templates import Template, templates_of
from sources.generate.world import World

# How often each cause of a denial is drawn, where the plans allow it.
CAUSES: Sequence[tuple[str, int]] = (
    ("excluded", 30), ("no_benefit", 20), ("coverage_ended", 20), ("duplicate", 20), ("authorization", 10),
)  # fmt: skip
FATE_OF: dict[str, Fate] = {"excluded": "excluded", "no_benefit": "no_benefit", "authorization": "needs_authorization"}


@dataclass(frozen=True, slots=True)
class Ground:
    """For each plan by position its templates and families, and the plans that have the cause, by their weight."""

    templates: Sequence[Sequence[Template]]
    families: Sequence[tuple[Family, ...]]
    plans: Sequence[int]


def grounds(spec: Spec, made: World) -> dict[str, Ground]:
    """Where each cause can be, by cause; a cause that no plan allows is left out."""
    found = {"paid": _ground(spec, made, "paid", made.living)}
    for cause, fate in FATE_OF.items():
        wanted = "deny" if cause == "authorization" else None
        found[cause] = _ground(spec, made, fate, made.living, wanted)
    found["coverage_ended"] = _ground(spec, made, "paid", made.ended, late=True)
    found["pended"] = _ground(spec, made, "needs_authorization", made.living, "pend")
    found["duplicate"] = found["paid"]
    return {cause: ground for cause, ground in found.items() if ground.plans}


def _ground(
    spec: Spec, made: World, fate: Fate, families: Sequence[Sequence[Family]], missing: str | None = None,
    late: bool = False,
) -> Ground:  # fmt: skip
    templates: list[Sequence[Template]] = []
    plans: list[int] = []
    for position, catalog in enumerate(made.catalogs):
        fitting = missing in (None, catalog.plan.missing_authorization)
        if late:
            fitting = spec.day > made.last_days_of_ended[position]
        templates.append(templates_of(catalog, spec.seed, fate) if fitting else ())
        if templates[-1] and families[position]:
            plans += [position] * max(1, round(100 * len(families[position]) / sum(map(len, families))))
    return Ground(templates, [tuple(group) for group in families], plans)
