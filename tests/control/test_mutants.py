"""Rules broken on purpose."""

from collections import Counter

import pytest

from watchword.build import Built, Options, build
from watchword.control.errors import MutantsClash, NoSuchMutant
from watchword.control.mutants import MutantCatalogue, set_mutants
from watchword.control.sandboxes import reset_sandbox
from watchword.domain.mutation import Kind


@pytest.fixture(scope="module")
def catalogue(built: Built) -> MutantCatalogue:
    return MutantCatalogue(built.imitated)


def test_every_rule_and_every_kind_of_mistake_is_among_the_mutants(built: Built, catalogue: MutantCatalogue) -> None:
    kinds = Counter(one.mutant.kind for one in catalogue.all.values())
    assert set(kinds) == set(Kind)
    assert sum(kinds.values()) > 1_000
    subjects = {one.mutant.subject for one in catalogue.all.values()}
    assert {rule.id for rule, _ in built.imitated.rules()} <= subjects


def test_every_mutant_can_be_noticed_at_some_operation(catalogue: MutantCatalogue) -> None:
    assert [one.mutant.id for one in catalogue.all.values() if not one.operations] == []


def test_mutants_are_found_by_system_and_by_what_is_broken(catalogue: MutantCatalogue) -> None:
    found = catalogue.find(system="weavr_multi", patterns=["weavr.nonce.life"])
    assert {one.mutant.subject for one in found} == {"weavr.nonce.lifetime"}
    assert catalogue.find(system="entrust", patterns=["weavr.nonce.life"]) == ()


def test_mutants_are_found_by_patterns_with_stars(catalogue: MutantCatalogue) -> None:
    found = {one.mutant.id for one in catalogue.find(patterns=["*.nonce.*/gone", "entrust.authenticate/unsaved"])}
    assert {"weavr.nonce.lifetime/gone", "entrust.authenticate/unsaved"} <= found
    assert all(one.endswith("/gone") and ".nonce." in one for one in found - {"entrust.authenticate/unsaved"})


def test_a_sandbox_has_its_mutants_until_it_is_reset(catalogue: MutantCatalogue, built: Built) -> None:
    sandboxes = built.imitated.sandboxes
    wanted = ["weavr.login.locked/after-weavr.login.refused", "weavr.nonce.lifetime/gone"]
    active = set_mutants(catalogue, sandboxes.enter("broken"), reversed(wanted))
    assert [one.mutant.id for one in active] == wanted
    assert catalogue.active(sandboxes.enter("whole")) == ()
    set_mutants(catalogue, sandboxes.enter("broken"), wanted[1:])
    assert [one.mutant.id for one in catalogue.active(sandboxes.enter("broken"))] == wanted[1:]
    reset_sandbox(sandboxes, "broken")
    assert catalogue.active(sandboxes.enter("broken")) == ()


def test_an_unknown_mutant_and_two_of_one_rule_are_refused_and_nothing_changes(
    catalogue: MutantCatalogue, built: Built
) -> None:
    sandbox = built.imitated.sandboxes.enter("whole")
    with pytest.raises(NoSuchMutant, match=r"no mutant 'weavr\.nonce"):
        set_mutants(catalogue, sandbox, ["weavr.nonce.lifetime/lost"])
    with pytest.raises(MutantsClash, match=r"both break weavr\.nonce\.lifetime"):
        set_mutants(catalogue, sandbox, ["weavr.nonce.lifetime/gone", "weavr.nonce.lifetime/result-not"])
    assert catalogue.active(sandbox) == ()


def test_a_server_is_built_with_mutants_in_every_sandbox_old_and_new() -> None:
    made = build(Options(mutants=["weavr.nonce.lifetime/gone"]))
    catalogue = MutantCatalogue(made.imitated)
    for name in ("default", "new"):
        sandbox = made.imitated.sandboxes.enter(name)
        assert [one.mutant.id for one in catalogue.active(sandbox)] == ["weavr.nonce.lifetime/gone"]
        assert not sandbox.written
