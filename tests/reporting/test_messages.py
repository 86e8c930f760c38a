"""Every message of the analysis can be said in Chinese: findings, reasons, notes."""

import ast
import re
from pathlib import Path

import pytest

from analysis.reporting.messages import translated

ROOT = Path(__file__).parents[2] / "analysis"
"""Where every text of two words or more can end in a report: as finding, reason, note or error."""
PLACES = (
    "pipeline", "measurement", "screening", "synergy", "sem/inference", "sem/compare.py", "sem/estimation",
    "sem/external", "sem/resampling", "sem/sample", "importing",
)  # fmt: skip
# Never shown: raised at programmers, refused before an analysis begins, or told while it runs.
INNER = {
    "screening/levels.py", "sem/sample/supplied.py", "sem/inference/score_table.py", "pipeline/run.py",
    "sem/resampling/bollen_stine.py",
    # Told in a terminal; names of other tools' columns.
    "importing/account.py", "importing/files.py", "importing/tools.py",
}  # fmt: skip
ERRORS_IN_PROGRAMS = {"ValueError", "TypeError", "KeyError", "AttributeError", "LinAlgError", "tick", "say"}
NOT_SHOWN = {
    # Regions have words of their own in the report; options and columns are checked before.
    "LimeSurvey answer code", "number and label", "unexpected end",
    "outside the bounds", "between the bounds", "above the bound", "below the bound", "closed form",
    "do not agree", "a complex number", "has no value", "has the same value in every row", "Fill it in.",
    "Our estimates and semopy's b1: at most b3 standard errors apart.", 'Use ci="perc".',
    "the grouping column b1 is empty", "fewer than two clusters in b1", "there is no column b1 of clusters",
    "there is no column b1 to group by",
    "Errors robust to clusters need many of them; leave cluster= out.",
}  # fmt: skip


NAMES = {
    "none",
    "rule",
    "scipy",
    "respondent",
    "semopy",
    "numpy",
    "ordered",
    "missing",
    "fiml",
    "lavaan",
    "start",
    "xlsx",
    "status",
    "values",
}
"""Levels, libraries, options and columns keep their names; codes with an underscore are names anyway."""


def templates(node):
    """The text of a literal, blanks as b0, b1, …; both texts of a conditional."""
    match node:
        case ast.Constant(value=str() as text):
            return [text]
        case ast.JoinedStr(values=values):
            parts = [v.value if isinstance(v, ast.Constant) else f"b{k}" for k, v in enumerate(values)]
            return ["".join(parts)]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return [a + b for a in templates(left) or [""] for b in templates(right) or [""]]
        case ast.IfExp(body=body, orelse=orelse):
            return templates(body) + templates(orelse)
    return []


def spoken():
    files = [path for place in PLACES for path in ([ROOT / place] if place.endswith(".py") else
             sorted((ROOT / place).rglob("*.py")))]  # fmt: skip
    for path in files:
        if path.relative_to(ROOT).as_posix() in INNER:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        silent = {id(part) for node in ast.walk(tree) for part in unspoken(node)}
        for node in ast.walk(tree):
            for text in templates(node) if id(node) not in silent else ():
                if re.search(r"[a-z]{2} [a-z]{2}", text) and text not in NOT_SHOWN:
                    yield f"{path.name}: {text}"


def unspoken(node):
    """What is no message of its own: docstrings, options of methods, and texts for programmers."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS_IN_PROGRAMS:
        yield from ast.walk(node)
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ModelError":
        # Faults of a call's options, which the pipeline sets itself.
        yield from ast.walk(node)
    if isinstance(node, ast.JoinedStr | ast.BinOp):
        yield from (part for part in ast.walk(node) if part is not node)


@pytest.mark.parametrize("named", sorted(set(spoken())))
def test_a_message_has_its_chinese(named):
    text = named.split(": ", 1)[1]
    said = translated(text, "zh-CN")
    assert re.search(r"[\u4e00-\u9fff]", said), "add it to analysis/reporting/messages/zh-CN.yaml"
    left = set(re.findall(r"(?<![\w<])[a-z]{4,}(?![\w>])", said)) - NAMES
    assert not left, said
    assert all(blank in said for blank in re.findall(r"b\d+", text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("nobody knows this: a; b. C", "nobody knows this: a; b. C"),
        ("3 of 9 rows have all variables", "3 of 9 rows have all variables"),
        ("only 3 of 9 rows have all variables", "9 行中只有 3 行变量齐全"),
        ("M1, M2: M1 needs X, which nobody answered.", "M1, M2：M1 需要 X，而无人作答。"),
        (
            "3 waves, spectral radius 0.40 [0.10, 0.60]; planned for 5 waves, so its power is low",
            "3 轮，谱半径 0.40 [0.10, 0.60]；原计划为 5 轮，因此功效偏低",
        ),
        (
            "configural: the model itself does not fit (CFI must reach 0.90, RMSEA stay within 0.08)",
            "形态不变性：模型本身不拟合（CFI 须达到 0.90，RMSEA 不得超过 0.08）",
        ),
        (
            "metric: does not hold, and no more can be freed with 2 invariant indicators of every factor",
            "弱（度量）不变性：不成立，且在每个因子保留 2 个不变指标的前提下无法再放开参数",
        ),
        ("strict cannot be fitted: it did not converge", "严格不变性 无法拟合：未收敛"),
        ("M6 needs 2 waves, of which there are 1", "M6 需要 2 轮，而现有 1 轮"),
        (
            "There is no exploratory analysis: 4 respondents answered all 9 items; their correlations need "
            "more than 9.",
            "没有探索性因子分析：4 名受访者答完全部 9 道题目；计算其相关需多于 9 名。",
        ),
        (
            "all parts must hold (1: undecided; 2: supported; 3: undecided; 4: contradicted; 5: undecided; "
            "6: supported; 7: not tested)",
            "各部分须同时成立（1：未定；2：支持；3：未定；4：与假设相反；5：未定；6：支持；7：未检验）",
        ),
        (
            "all parts must hold (1: undecided; 2: supported; 3: undecided); Look at the sample.",
            "各部分须同时成立（1：未定；2：支持；3：未定）；Look at the sample.",
        ),
        ("all parts must hold (1: undecided; 2: supported)", "各部分须同时成立（1：未定；2：支持）"),
    ],
)
def test_blanks_and_parts(text, said):
    assert translated(text, "zh-CN") == said
    assert translated(text, "en") == text
