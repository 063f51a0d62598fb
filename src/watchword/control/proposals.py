"""Which document describes the imitated systems in a sandbox: today's, or one that is proposed."""

from watchword.control.errors import ContradictorySettings, NoSuchProposal, SettingViolation, storing
from watchword.sandbox import Sandbox, Sandboxes


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
        with storing():
            sandbox.keep_proposal()
        return
    new = sandboxes.start(proposal)
    settings, unfit = sandbox.followed_settings(sandboxes.start(sandbox.proposal), new)
    if unfit:
        raise ContradictorySettings(
            [SettingViolation((name, *one.path), one.detail) for name, faults in unfit.items() for one in faults]
        )
    with storing():
        sandbox.choose_proposal(proposal, settings, new)
