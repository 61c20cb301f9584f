"""What stands before the first line of a file: a folder's records, history and opening balances, checked whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from agents.contract import Reference, State
from agents.reference_store import ReferenceStore
from schemas import topics
from schemas.codec import Codec
from schemas.decision import Decision
from schemas.reference import Member, Plan
from schemas.vocabulary import Measure
from sources.offline.history import Earlier, history_of, keep
from sources.offline.opening import Opening, opening_file, openings_of, post
from sources.reference.folder import ReferenceFolder, read_folder
from sources.reference.in_memory import RELEASE, store_of
from sources.reference.plans import terms_of
from sources.reference.problems import Problems


@dataclass(frozen=True, slots=True)
class Start:
    """Reference data as release 1, and what the stages hold at the beginning."""

    folder: ReferenceFolder
    references: ReferenceStore
    history: tuple[Earlier, ...]
    openings: tuple[Opening, ...]

    def fill(self, adjudicate: State, price: State) -> None:
        """Write history and opening balances into the states of these two stages."""
        keep(self.history, adjudicate)
        post(self.openings, price)


def start_of(path: Path, opening: Path | None, codec: Codec) -> Start:
    """Everything in a folder; `opening` stands in for the folder's own opening balances.

    Raises ReferenceDataError with all that is wrong.
    """
    folder = read_folder(path)
    history, openings = before_of(path, folder, opening)
    return Start(folder, store_of(folder, codec), tuple(history), tuple(openings))


def before_of(path: Path, folder: ReferenceFolder, opening: Path | None = None) -> tuple[list[Earlier], list[Opening]]:
    """Lines of history and opening balances of a folder that was read; raises ReferenceDataError."""
    problems = Problems()
    members = {key: one for key, one in folder.records[topics.REFERENCE_MEMBERS].items() if isinstance(one, Member)}
    plans = [one for one in folder.records[topics.REFERENCE_PLANS].values() if isinstance(one, Plan)]
    terms = terms_of({(plan.plan_id, plan.effective_from): plan for plan in plans})
    history = history_of(path, members, folder.records[topics.REFERENCE_PROVIDERS], terms, problems)
    file = opening or opening_file(path)
    openings = openings_of(file, folder, problems) if file is not None else []
    problems.raise_if_any(str(path))
    return history, openings


def limits_of(references: ReferenceStore) -> Callable[[Decision], Mapping[str, Measure]]:
    """Looks up the measures of the limits of a decision's plan, by limit id; remembers them by plan version."""
    view: Reference | None = references.at(RELEASE)
    known: dict[tuple[str, int], Mapping[str, Measure]] = {}

    def of(decision: Decision) -> Mapping[str, Measure]:
        if view is None or decision.plan_id is None:
            return {}
        key = (decision.plan_id, decision.plan_from or decision.service_from)
        if key not in known:
            plan = view.plan(*key)
            known[key] = {limit.limit_id: limit.measure for limit in plan.limits} if plan is not None else {}
        return known[key]

    return of
