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


@dataclass(frozen=True, slots=True)
class Ground:
    """For each plan by position its templates and families, and the plans that have the cause, by their weight.

    `guaranteed` says which families it is for: with letters of guarantee, without, or None for all.
    """

    templates: Sequence[Sequence[Template]]
    families: Sequence[Sequence[Family]]
    plans: Sequence[int]
    guaranteed: bool | None

    def has(self, family: Family) -> bool:
        """Whether the family can have the cause."""
        return bool(self.templates[family.plan]) and self.guaranteed in (None, family.guaranteed)


def grounds(spec: Spec, made: World) -> dict[str, Ground]:
    """Where each cause can be, by cause; a cause that no plan allows is left out.

    Raises ValueError when nothing is paid that the spec asks for.
    """
    needing = [catalog.plan.missing_authorization for catalog in made.catalogs]
    everywhere = [True] * len(needing)
    late = [spec.day > last for last in made.last_days_of_ended]
    without = [[family for family in group if not family.guaranteed] for group in made.living]
    guaranteed = [[family for family in group if family.guaranteed] for group in made.living]
    found = {
        "paid": _ground(spec, made, "paid", made.living, everywhere),
        "excluded": _ground(spec, made, "excluded", made.living, everywhere),
        "no_benefit": _ground(spec, made, "no_benefit", made.living, everywhere),
        "coverage_ended": _ground(spec, made, "paid", made.ended, late),
        "authorization": _ground(
            spec, made, "needs_authorization", without, [plan == "deny" for plan in needing], False
        ),
        "pended": _ground(spec, made, "needs_authorization", without, [plan == "pend" for plan in needing], False),
        "guaranteed": _ground(spec, made, "needs_authorization", guaranteed, everywhere, True),
    }
    if not found["paid"].plans:
        wanted = f"{spec.form or 'claim'} in {spec.currency or 'any currency'}"
        raise ValueError(f"no plan of the reference data pays a {wanted}: none can be made")
    found["duplicate"] = found["paid"]
    return {cause: ground for cause, ground in found.items() if ground.plans}


def _ground(
    spec: Spec,
    made: World,
    fate: Fate,
    families: Sequence[Sequence[Family]],
    fitting: Sequence[bool],
    guaranteed: bool | None = None,
) -> Ground:
    templates = [
        [one for one in templates_of(catalog, spec.seed, fate) if _wanted(one, spec)] if fits else []
        for catalog, fits in zip(made.catalogs, fitting, strict=True)
    ]
    total = sum(map(len, families)) or 1
    plans: list[int] = []
    for position, group in enumerate(families):
        if templates[position] and group:
            plans += [position] * max(1, round(100 * len(group) / total))
    return Ground(templates, families, plans, guaranteed)


def _wanted(template: Template, spec: Spec) -> bool:
    """Whether claims of the template are of the form and currency that the spec asks for."""
    return spec.form in (None, template.setting.form) and spec.currency in (None, template.plan.currency)
