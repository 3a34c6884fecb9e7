"""The made-up case that somebody is at, whatever they do there."""

from dialogs.rehearsal.core.made_up import vignette_of
from dialogs.rehearsal.core.practice import Practice
from seraf.cases.vignette import Vignette
from seraf.pack import Pack


def case_of(practice: Practice, pack: Pack) -> Vignette:
    """The made-up case of a rehearsal that has one. Where the pack has it no more, the rehearsal is left before."""
    vignette = vignette_of(practice.case, pack)
    assert vignette is not None, "a case that is gone is left"
    return vignette
