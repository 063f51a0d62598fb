"""Which document describes the imitated systems in a sandbox: today's, or one that is proposed."""

from watchword.control.errors import ContradictorySettings, NoSuchProposal, SettingViolation, storing
from watchword.control.sandboxes import SandboxSummary, entering, summarise
from watchword.sandbox import Sandbox, Sandboxes
from watchword.system.setting_faults import InvalidSettings
from watchword.system.settings import IN_SANDBOX, SettingsBySystem, SystemSettings, follow


def choose_proposal(sandboxes: Sandboxes, name: str, proposal: str | None) -> SandboxSummary:
    """
    Let the sandbox called *name* be described by another document; it is made if there is none.

    People, clock and mails stay. So do the settings that the sandbox has changed, and the faults that it has armed; the
    others become those that a fresh sandbox with that document has.

    Args:
        proposal: The name of the proposal; None for today's document.

    Raises:
        NoSuchProposal: This server has none of that name.
        ContradictorySettings: What the sandbox has changed does not fit the settings of the proposal.
        InvalidSandboxName: No sandbox can be called so.
        TooManySandboxes: It would be one too many.
        ChangeNotStored: The disk refused.
    """
    chosen, found = known_proposal(sandboxes, proposal), sandboxes.get(name)
    if found is None:
        with storing(), entering():
            return summarise(sandboxes.create(name, chosen))
    follow_proposal(sandboxes, found, chosen)
    return summarise(found)


def known_proposal(sandboxes: Sandboxes, proposal: str | None) -> str:
    """
    Give the name of a proposal as sandboxes keep it: empty for today's document.

    Raises:
        NoSuchProposal: This server has none of that name.
    """
    if proposal is not None and proposal not in sandboxes.proposals:
        raise NoSuchProposal(proposal, tuple(sandboxes.proposals))
    return proposal or ""


def follow_proposal(sandboxes: Sandboxes, sandbox: Sandbox, proposal: str) -> None:
    """
    Let *sandbox*, which may be a copy without a name, choose a *proposal*; empty for today's document.

    Raises:
        ContradictorySettings: What the sandbox has changed does not fit the settings of the proposal.
        ChangeNotStored: The disk refused.
    """
    if proposal == sandbox.proposal:
        return
    former, new = sandboxes.start(sandbox.proposal), sandboxes.start(proposal)
    settings = _followed(sandbox, former.settings, new.settings)
    with storing():
        sandbox.choose_proposal(proposal, settings, new)


def _followed(sandbox: Sandbox, former: SettingsBySystem, new: SettingsBySystem) -> SettingsBySystem:
    found: dict[str, SystemSettings] = {}
    violations: list[SettingViolation] = []
    for name, current in sandbox.settings.items():
        try:
            found[name] = follow(current, former=former[name], new=new[name], context=IN_SANDBOX)
            faults = found[name].misnamed(sandbox.store.transaction(), name)
        except InvalidSettings as error:
            faults = error.faults
        violations += (SettingViolation((name, *one.path), one.detail) for one in faults)
    if violations:
        raise ContradictorySettings(violations)
    return found
