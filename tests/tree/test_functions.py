"""No function is longer than 60 lines, unless a comment above it begins "long because"."""

import ast
import re

import pytest
from files import CPP, ROOT, files, plant, without_noise

LIMIT = 60
SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()=]*$")
TABLE = re.compile(r"=\s*[\w:]+(<[^;]*>)?\s*\(")  # "= to_array<int>("
MEMBERS = re.compile(r"\)[^()]*[^:]:(?!:)")  # "Foo(int a) : " opens a constructor's member list


def cpp_functions(text):
    """(first line, last line) of every function body outside of another, counted from 1."""
    code = without_noise(text)
    found, open_braces, head_start, depth = [], [], 0, 0
    for match in re.finditer(r"[{};]", code):
        at, mark = match.start(), match[0]
        head = code[head_start:at]
        if mark == "{":
            kind = "inner" if depth else _kind(head)
            open_braces.append((kind, head_start))
            depth += kind != "scope"
            if kind == "scope":
                head_start = at + 1
        elif mark == "}" and open_braces:
            kind, start = open_braces.pop()
            depth -= kind != "scope"
            if kind == "function":
                first = start + len(code[start:at]) - len(code[start:at].lstrip())
                found.append((_line(code, first), _line(code, at)))
            if kind in ("scope", "function") or (kind == "value" and not depth):
                head_start = at + 1
        elif mark == ";" and not depth:
            head_start = at + 1
    return found


def _kind(head):
    """What an opening brace opens: a scope, a function, a member's value, or some other value."""
    if SCOPE.search(head):
        return "scope"
    if MEMBERS.search(head) and re.search(r"[\w>]\s*$", head):
        return "member"
    return "function" if "(" in head and not TABLE.search(head) else "value"


def _line(text, at):
    return text.count("\n", 0, at) + 1


def python_functions(text):
    nodes = ast.walk(ast.parse(text))
    return [(node.lineno, node.end_lineno) for node in nodes
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]  # fmt: skip


def explained(lines, first):
    """Does the first comment line above the function, or in it, say why it is long?"""
    above = first - 1
    while above > 0 and lines[above - 1].strip().startswith(("//", "#")):
        above -= 1
    inside = (line for line in lines[first - 1 :] if line.strip().startswith(("//", "#")))
    comment = lines[above] if above < first - 1 else next(inside, "")
    return re.match(r"\s*(//|#)+\s*long because", comment, re.IGNORECASE)


def long_functions(root):
    wrong = []
    for file in files(root, *CPP, ".py"):
        text = file.read_text()
        functions = python_functions(text) if file.suffix == ".py" else cpp_functions(text)
        for first, last in functions:
            if last - first >= LIMIT and not explained(text.splitlines(), first):
                wrong.append(f"{file.relative_to(root)}:{first}: {last - first + 1} lines")
    return wrong


def test_no_function_is_long():
    assert long_functions(ROOT) == []


CPP_HEADS = [
    "int f(int a)",
    "static auto g() noexcept -> std::vector<int>",
    "namespace a::b { struct C final : Base { void h() const",
    "Foo::Foo(int a) : a_{a}, b_(std::map<int, int>{{1, 2}})",
    "template <class T>\nvoid t(T&& x)",
    "TEST(Suite, name_of_a_claim)",
]


@pytest.mark.parametrize("head", CPP_HEADS)
def test_a_long_cpp_function_is_found(tmp_path, head):
    body = " {\n" + "  if (x) { y(\"}\"); }  // }\n" * LIMIT + "}\n"
    plant(tmp_path, "a.cpp", "int table[] = {1, 2};\n#define X {\n" + head + body)
    assert len(long_functions(tmp_path)) == 1


def test_short_cpp_functions_are_told_apart(tmp_path):
    text = (
        "namespace n {\nint f(int a) {\n  return 1'000 + '{';\n}\n"
        "A::A(int a)\n    : a_{a} {\n}\n}\n"
    )
    assert cpp_functions(text) == [(2, 4), (5, 7)]
    plant(tmp_path, "a.cpp", text * 20)
    assert long_functions(tmp_path) == []


def test_a_long_table_is_no_function():
    assert cpp_functions("auto table = std::to_array<int>({\n" + "1,\n" * LIMIT + "});\n") == []


def test_a_long_python_function_is_found(tmp_path):
    plant(tmp_path, "a.py", "def f():\n" + "    x = 1\n" * LIMIT)
    assert long_functions(tmp_path) == ["a.py:1: 61 lines"]


def test_a_stated_reason_excuses_length(tmp_path):
    plant(tmp_path, "a.py", "# long because: a table.\ndef f():\n" + "    x = 1\n" * LIMIT)
    body = "x;\n" * LIMIT + "}\n"
    plant(tmp_path, "a.cpp", "// Long because it is one table.\nint f() {\n" + body)
    plant(tmp_path, "b.cpp", "int f() {\n  // long because of ...\n" + body)
    assert long_functions(tmp_path) == []
