"""Which mutants change nothing but the wording of a message for people.

Tests say what a message must tell, not its every word. So a mutant that survives is explained by
rule if the only difference to the code is a text with a space in it: a sentence, or part of one.
"""

import ast
import re
from functools import lru_cache
from pathlib import Path

_NUMBER = re.compile(r"__mutmut_\d+$")


def is_wording(mutated: Path, mutant: str) -> bool:
    """Return whether a mutant differs from the code in the wording of a message alone.

    Args:
        mutated: the file in mutmut's folder, which holds the code and all its mutants.
        mutant: the mutant's name, with its module.
    """
    name = mutant.rpartition(".")[2]
    functions = _functions(mutated)
    original = functions.get(_NUMBER.sub("__mutmut_orig", name))
    changed = functions.get(name)
    return None not in {original, changed} and original == changed


@lru_cache(maxsize=4)
def _functions(mutated: Path) -> dict[str, str]:
    """Return the body of each function as a tree in text, without sentences, by its name."""
    tree = _WithoutSentences().visit(ast.parse(mutated.read_text("utf-8")))
    return {
        node.name: ast.dump(ast.Module(node.body, []))
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


class _WithoutSentences(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        is_sentence = isinstance(node.value, str) and " " in node.value.strip()
        return ast.Constant("a sentence") if is_sentence else node
