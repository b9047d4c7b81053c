"""Sizes and shapes that no linter knows: files, classes, functions, templates."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAX_FILE, MAX_RECOMMEND, MAX_TEMPLATE = 400, 300, 200
MAX_METHODS, MAX_FUNCTION = 25, 40


def tracked_files() -> list[Path]:
    """Files that git knows or would add, relative to the root."""
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    output = subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    return [Path(line) for line in output.splitlines() if (ROOT / line).is_file()]


def length_of(function: ast.FunctionDef) -> int:
    """Lines of the body; texts of several lines (docstrings, SQL) count as one each."""
    texts = sum(
        (node.end_lineno or node.lineno) - node.lineno
        for node in ast.walk(function)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    begin = function.body[0].lineno
    return (function.end_lineno or begin) - begin + 1 - texts


def check_python(path: Path, text: str) -> list[str]:
    tests = path.name.startswith("test_") or "tests" in path.parts
    limit = MAX_RECOMMEND if "recommend" in path.parts and not tests else MAX_FILE
    lines = len(text.splitlines())
    found = [f"{path}: {lines} lines, at most {limit}"] if lines > limit else []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            length = length_of(node)
            if length > MAX_FUNCTION and not tests:
                found.append(
                    f"{path}:{node.lineno}: {node.name} has {length} lines,"
                    f" at most {MAX_FUNCTION}"
                )
        elif isinstance(node, ast.ClassDef) and not tests:
            methods = sum(isinstance(child, ast.FunctionDef) for child in node.body)
            if methods > MAX_METHODS:
                found.append(
                    f"{path}:{node.lineno}: {node.name} has {methods} methods,"
                    f" at most {MAX_METHODS}"
                )
    return found


def check_template(path: Path, text: str) -> list[str]:
    lines = len(text.splitlines())
    if path.suffix == ".xml" and "static" in path.parts and lines > MAX_TEMPLATE:
        return [f"{path}: {lines} lines, at most {MAX_TEMPLATE}"]
    return []


def main() -> int:
    found = []
    for path in tracked_files():
        if path.suffix in {".py", ".xml"}:
            text = (ROOT / path).read_text(encoding="utf-8")
            check = check_python if path.suffix == ".py" else check_template
            found += check(path, text)
    print("\n".join(found) or "Sizes: nothing over the limits.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
