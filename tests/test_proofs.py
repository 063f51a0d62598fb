"""Promises are checked, and those that have changed are found."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.changed import GitFailed, NotComparable, environment, find_changes, rules_defined_in
from tests.generate.marks import ROOT
from watchword.build import Built

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

SAID = ("promises", "not noticed: ", "no rule: ", "ERROR: ")
NOBODY = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.com")
RULES = '''
from watchword.domain.rule import ASSUMED, returns, rule

@rule("toy.even", ASSUMED, "a toy", without=returns(True))
def is_even(number: int) -> bool:
    """Every second number is even."""
    return number % 2 == 0
'''
OTHER_RULES = RULES.replace("toy.even", "toy.odd").replace("is_even", "is_odd").replace("== 0", "== 1")
KEPT = """
import pytest
from rules import is_even

@pytest.mark.proves("toy.even")
def test_three_is_not_even():
    assert not is_even(3)
"""
NOT_KEPT = """
import pytest
from other_rules import is_odd

@pytest.mark.proves("toy.odd")
def test_one_is_odd():
    assert is_odd(1)
"""


class Project:
    """A small project in git, with a rule whose proof holds and a rule whose test would not notice its absence."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(exist_ok=True)

    def git(self, *words: str) -> None:
        command = ["git", *NOBODY, *words]
        subprocess.run(command, cwd=self.root, check=True, env=environment(), capture_output=True)  # noqa: S603  # ours

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--message=A change")

    def changed(self, since: str | None = None) -> set[str]:
        """Name the files that have changed."""
        return {path.relative_to(self.root).as_posix() for path in find_changes(self.root, since).files}

    def test(self, *options: str) -> tuple[int, list[str]]:
        """Run the tests; return the exit code, and what was said about promises."""
        paths = f"{ROOT}{os.pathsep}{self.root / 'src'}"
        run = subprocess.run(  # noqa: S603  # our own interpreter and arguments
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "tests.proofs", *options],
            cwd=self.root,
            check=False,
            capture_output=True,
            text=True,
            env={**environment(), "PYTHONPATH": paths, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        )
        said = (run.stdout + run.stderr).splitlines()
        return run.returncode, [line for line in said if any(word in line for word in SAID)]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with one commit, on a branch that has none of its own."""
    project = Project(tmp_path / "project")
    project.git("init", "--initial-branch=main")
    project.write("pytest.ini", "[pytest]\nmarkers = proves\naddopts = -q\n")
    project.write(".gitignore", "ignored\n__pycache__\n")
    project.write("src/rules.py", RULES)
    project.write("src/other_rules.py", OTHER_RULES)
    project.write("test_even.py", KEPT)
    project.write("test_odd.py", NOT_KEPT)
    project.commit()
    project.git("switch", "--create", "branch")
    return project


def test_nothing_has_changed_on_a_new_branch(project: Project) -> None:
    assert project.changed() == set()


def test_what_is_not_committed_has_changed(project: Project) -> None:
    project.write("test_even.py", f"{KEPT}#")
    project.write("src/new.py", "")
    project.write("src/staged.py", "")
    project.git("add", "src/staged.py")
    project.write("ignored", "")
    assert project.changed() == {"test_even.py", "src/new.py", "src/staged.py"}


def test_what_the_branch_committed_has_changed(project: Project) -> None:
    project.write("test_even.py", f"{KEPT}#")
    project.git("mv", "src/rules.py", "src/moved.py")
    project.commit()
    assert project.changed() == {"test_even.py", "src/rules.py", "src/moved.py"}


def test_what_others_committed_since_the_branch_began_has_not_changed(project: Project) -> None:
    project.git("switch", "main")
    project.write("test_even.py", f"{KEPT}#")
    project.commit()
    project.git("switch", "branch")
    assert project.changed() == set()


def test_names_may_have_any_characters(project: Project) -> None:
    project.write("ein Wörterbuch\n.py", "")
    assert project.changed() == {"ein Wörterbuch\n.py"}


def test_the_main_branch_is_compared_with_the_one_it_was_cloned_from(project: Project) -> None:
    project.git("clone", "--branch=main", ".", "clone")
    clone = Project(project.root / "clone")
    clone.write("test_even.py", f"{KEPT}#")
    clone.commit()
    assert clone.changed() == {"test_even.py"}
    assert clone.changed("main") == set()


def test_a_checkout_without_a_main_branch_is_compared_with_its_last_commit(project: Project) -> None:
    project.git("branch", "--delete", "main")
    project.write("test_even.py", f"{KEPT}#")
    project.commit()
    project.write("test_odd.py", f"{NOT_KEPT}#")
    assert project.changed() == {"test_odd.py"}


def test_an_unknown_revision_is_named(project: Project) -> None:
    with pytest.raises(NotComparable, match=r"^there is no commit elsewhere$"):
        project.changed("elsewhere")


def test_branches_without_a_common_commit_are_not_compared(project: Project) -> None:
    project.git("switch", "--orphan", "alone")
    project.write("a", "")
    project.commit()
    with pytest.raises(NotComparable, match=r"^HEAD and main have no commit in common$"):
        project.changed()


def test_without_git_nothing_is_compared(project: Project) -> None:
    with pytest.raises(NotComparable, match=r"^git is not installed$"):
        find_changes(project.root, git="a-git-that-is-not-there")


def test_a_folder_that_is_not_the_top_of_a_checkout_is_not_compared(project: Project, tmp_path: Path) -> None:
    with pytest.raises(NotComparable, match=r"is inside another checkout$"):
        find_changes(project.root / "src")
    with pytest.raises(NotComparable, match=r"^not a git repository"):
        find_changes(tmp_path)


def test_an_error_of_git_is_not_taken_for_no_changes(project: Project) -> None:
    project.write(".git/index", "not an index")
    with pytest.raises(GitFailed):
        project.changed()


def test_the_rules_that_files_define_are_those_of_the_catalogue(built: Built) -> None:
    files = (ROOT / "src").rglob("*.py")
    assert sorted(rules_defined_in(files)) == [rule.id for rule, _ in built.imitated.rules()]


def test_without_changes_no_promise_is_checked(project: Project) -> None:
    code, (said,) = project.test("--proofs-changed")
    assert code == 0
    assert re.fullmatch(r"no promises checked: none has changed since main \([0-9a-f]{7}\)", said)


@pytest.mark.parametrize("name", ["src/other_rules.py", "test_odd.py"])
def test_a_promise_is_checked_if_its_rule_or_its_test_has_changed(project: Project, name: str) -> None:
    project.write(name, f"{(project.root / name).read_text(encoding='utf-8')}#")
    code, said = project.test("--proofs-changed")
    assert code == 1
    assert said[0] == "not noticed: test_odd.py::test_one_is_odd passes without toy.odd"
    assert said[1].startswith("1 promises about 1 rules that have changed since main (")
    assert said[1].endswith("): 1 not kept")


def test_a_promise_that_is_kept_lets_the_tests_pass(project: Project) -> None:
    project.write("src/rules.py", f"{RULES}#")
    code, (said,) = project.test("--proofs-changed")
    assert (code, said.rpartition(": ")[2]) == (0, "0 not kept")


def test_all_promises_are_checked_without_a_comparison(project: Project) -> None:
    shutil.rmtree(project.root / ".git")
    code, said = project.test("--proofs")
    assert code == 1
    assert said == [
        "not noticed: test_odd.py::test_one_is_odd passes without toy.odd",
        "2 promises about 2 rules: 1 not kept",
    ]


@pytest.mark.parametrize(("options", "expected"), [(["--proofs-changed"], 0), ([], 5)])
def test_a_choice_of_tests_that_prove_nothing_passes_if_only_changes_are_checked(
    project: Project, options: list[str], expected: int
) -> None:
    project.write("test_other.py", "def test_that_proves_nothing():\n    pass\n")
    code, _ = project.test("--proofs", *options, "test_other.py")
    assert code == expected


def test_outside_of_a_checkout_it_is_said_that_no_promise_is_checked(project: Project) -> None:
    shutil.rmtree(project.root / ".git")
    code, (said,) = project.test("--proofs-changed")
    assert code == 0
    assert said.startswith("no promises checked: not a git repository")


def test_an_unknown_revision_is_refused_before_anything_runs(project: Project) -> None:
    assert project.test("--proofs-since=elsewhere") == (4, ["ERROR: --proofs-since: there is no commit elsewhere"])


def test_a_promise_about_a_rule_that_does_not_exist_is_not_kept(project: Project) -> None:
    project.write("test_even.py", KEPT.replace("toy.even", "toy.evn"))
    code, said = project.test("--proofs-changed")
    assert (code, said[0]) == (1, "no rule: test_even.py::test_three_is_not_even proves toy.evn")


def test_a_test_file_that_cannot_be_imported_is_an_error(project: Project) -> None:
    project.write("test_even.py", "import nothing_like_this")
    code, said = project.test("--proofs")
    assert (code, said) == (2, [])
