"""Files are read as OpenAPI says: JSON, or YAML 1.2 as far as JSON can express it."""

from pathlib import Path
from typing import Any

import pytest

from watchword.document import DocumentError
from watchword.document.reader import read_file


def yaml_of(folder: Path, text: str) -> Any:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return read_file(path)


def test_a_duplicate_key_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"file\.yaml:3:3: duplicate key 'b'"):
        yaml_of(tmp_path, "a:\n  b: 1\n  b: 2\n")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a": 1,\n "b": }', "2:7: not JSON: expecting value"),
        ('{"a": 1,\n b: 2}', "2:2: not JSON: expecting property name enclosed in double quotes"),
        ('{"a": "b', "1:7: not JSON: unterminated string"),
        ('{"a": "\t"}', "1:8: not JSON: invalid control character"),
        ('{"a": 1,\n\t"a": 3}', "2:2: duplicate key 'a'"),
        (
            '{"a": 1,\n\t"b": -1' + "0" * 400 + "}",
            "2:7: the number -1000000000000000000… (402 characters) is too great;"
            " the greatest that is read is 1.8e+308",
        ),
    ],
)
def test_an_error_in_json_is_told_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "file.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as refused:
        read_file(path)
    assert str(refused.value) == f"{path}:{problem}"


def test_a_link_that_leads_to_itself_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.symlink_to(path)
    with pytest.raises(
        DocumentError, match=r"file\.yaml: it is a symbolic link that leads back to itself; let it lead"
    ):
        read_file(path)


def test_timestamps_stay_strings(tmp_path: Path) -> None:
    assert yaml_of(tmp_path, "a: 2026-01-31T12:00:00Z\nb: 2026-01-31") == {
        "a": "2026-01-31T12:00:00Z",
        "b": "2026-01-31",
    }


def test_keys_are_strings_as_written(tmp_path: Path) -> None:
    assert yaml_of(tmp_path, "{404: a, on: b, null: c, 1.10: d, 2026-01-31: e}") == {
        "404": "a",
        "on": "b",
        "null": "c",
        "1.10": "d",
        "2026-01-31": "e",
    }


def test_other_values_are_read_as_yaml(tmp_path: Path) -> None:
    assert yaml_of(tmp_path, "[1, 1.5, true, null, '1', text]") == [1, 1.5, True, None, "1", "text"]


def test_json_is_yaml(tmp_path: Path) -> None:
    assert yaml_of(tmp_path, '{"a": {"b": [1, "\\u00e4"]}}') == {"a": {"b": [1, "ä"]}}


@pytest.mark.parametrize("text", ["&a {b: *a}", "a: &a [*a]"], ids=["mapping", "list"])
def test_a_node_that_contains_itself_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DocumentError, match=r"file\.yaml:1:[0-9]+: a node contains itself"):
        yaml_of(tmp_path, text)


def test_a_key_that_is_not_a_scalar_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"(?s)file\.yaml:1:[0-9]+: a key must be a scalar"):
        yaml_of(tmp_path, "? [a, b]\n: 1\n")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(b"a: 1\r\nb: \xc3\xa4 \xff")
    with pytest.raises(DocumentError, match=r"file\.yaml:2:6: the byte 0xff is not UTF-8; save the file as UTF-8$"):
        read_file(path)


def test_a_control_character_is_refused_on_one_line(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"file\.yaml:2:5: control characters are not allowed \(#x0001\)$"):
        yaml_of(tmp_path, "a: 1\nb: ä\x01\n")


def test_yaml_cannot_create_python_objects(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"the tag !!python/object/apply:os\.getcwd has no meaning"):
        yaml_of(tmp_path, "a: !!python/object/apply:os.getcwd []")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[NO, no, yes, on, off, y, n]", ["NO", "no", "yes", "on", "off", "y", "n"]),
        ("[true, True, FALSE]", [True, True, False]),
        ("[010, 0o10, 0x1f, +1, -1, 0b1, 1_000]", [10, 8, 31, 1, -1, "0b1", "1_000"]),
        ("[18446744073709551615, 18446744073709551616]", [18446744073709551615, 18446744073709551616.0]),
        ("[1:30, 190:20:30]", ["1:30", "190:20:30"]),
        ("[1., .5, 1e3, -1.5E-2, 1_0.0]", [1.0, 0.5, 1000.0, -0.015, "1_0.0"]),
        ("[~, null, Null, , nULL]".replace(", ,", ","), [None, None, None, "nULL"]),
        ("[2026-01-31, 12:00, =]", ["2026-01-31", "12:00", "="]),
        ("[!!str 5, !!int '5', '5']", ["5", 5, "5"]),
        ("a: &a {b: 1}\nc: {<<: *a, d: 2}\ne: {<<: [*a, {b: 3, f: 4}]}", None),
    ],
)
def test_plain_scalars_mean_what_yaml_1_2_says(tmp_path: Path, text: str, value: Any) -> None:
    wanted = value or {"a": {"b": 1}, "c": {"b": 1, "d": 2}, "e": {"b": 1, "f": 4}}
    found = yaml_of(tmp_path, text)
    assert found == wanted
    assert repr(found) == repr(wanted)


@pytest.mark.parametrize("name", ["file.json", "file.yaml"])
def test_json_is_read_as_json(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text('\ufeff{"emoji": "\\ud83d\\ude00", "slash": "\\/", "tab":\t1e2}', encoding="utf-8")
    assert read_file(path) == {"emoji": "\U0001f600", "slash": "/", "tab": 100.0}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"NaN": "NaN",\n "a\\"": NaN}', "2:9: NaN is not a value of JSON"),
        ('{\n\t"a": [-Infinity]}', "2:8: -Infinity is not a value of JSON"),
        ('{"a": "b",\n "c": "\\ud800"}', "2:7: a string has half of a surrogate pair, which is no character"),
        ('{"a": 1,\n "b": 2,\n "a": 3}', "3:2: duplicate key 'a'"),
    ],
)
def test_what_json_does_not_have_is_told_with_its_line_and_column(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as error:
        read_file(path)
    assert str(error.value) == f"{path}:{told}"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.json", '{"a": 1, "b": 2, "a": 3}', "duplicate key 'a'"),
        ("a.json", '{"a": NaN}', "NaN is not a value of JSON"),
        ("a.json", '{"a": "\\ud83d"}', "half of a surrogate pair"),
        ("a.json", '{"a": }', "not JSON: expecting value"),
        ("a.json", "[" * 300 + "]" * 300, "it is nested more than 200 levels deep"),
        ("a.json", "[" * 100_000 + "]" * 100_000, "it is nested more than 200 levels deep"),
        ("a.json", '{"a": 1e999}', "the number 1e999 is too great; the greatest that is read is 1.8e"),
        ("a.yaml", "a: .inf", r"\.inf is not a value of JSON"),
        ("a.yaml", "a: !!binary aGk=", "the tag !!binary has no meaning in OpenAPI"),
        ("a.yaml", "a: !!int x", "invalid literal"),
        ("a.yaml", "a: " + "9" * 5000, "the number 99999999999999999999… .5000 characters. is too great"),
        ("a.yaml", "a: 0x" + "f" * 5000, "the number 0xffffffffffffffffff… .5002 characters. is too great"),
        ("a.yaml", "- " * 300 + "a", "it is nested more than 200 levels deep"),
        ("a.yaml", "[" * 100_000, "exceeded maximum nesting depth"),
        ("a.yaml", "a: {<<: 5}", "'<<' merges mappings only"),
        ("a.yaml", "a: 1\n---\nb: 2", "found another document"),
    ],
)
def test_what_json_cannot_express_is_refused_with_a_sentence(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError, match=rf"{name}(:[12]:[0-9]+)?: .*{message}"):
        read_file(path)


@pytest.mark.parametrize(
    ("first", "next_one"), [("[a, a]", "[{}]"), ("{a: 1}", "{{<<: [{}]}}")], ids=["lists", "merge keys"]
)
def test_aliases_that_repeat_millions_of_values_are_refused(tmp_path: Path, first: str, next_one: str) -> None:
    lines = [f"a0: &a0 {first}"]
    for number in range(1, 12):
        nine = ", ".join([f"*a{number - 1}"] * 9)
        lines.append(f"a{number}: &a{number} {next_one.format(nine)}")
    with pytest.raises(DocumentError, match="its aliases repeat more than 500,000 values"):
        yaml_of(tmp_path, "\n".join(lines))
