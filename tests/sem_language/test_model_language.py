"""The model language: what each construct means, and what every mistake is answered with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sem.errors import ModelError
from analysis.sem.syntax import parse_model
from analysis.sem.syntax.statements import Modifiers

# text → (lhs, op, rhs, fixed, start, label) of the last parameter
MODIFIERS = {
    "f =~ x": ("f", "=~", "x", (), (), ()),
    "f =~ a*x": ("f", "=~", "x", (), (), ("a",)),
    "f =~ 2*x": ("f", "=~", "x", (2.0,), (), ()),
    "f =~ -.5e1*x": ("f", "=~", "x", (-5.0,), (), ()),
    "f =~ 1/2*x": ("f", "=~", "x", (0.5,), (), ()),
    "f =~ -2^2*x": ("f", "=~", "x", (-4.0,), (), ()),
    "f =~ 2^3^2*x": ("f", "=~", "x", (512.0,), (), ()),
    "f =~ 2**3*x": ("f", "=~", "x", (8.0,), (), ()),
    "f =~ sqrt(2 + 2)*x": ("f", "=~", "x", (2.0,), (), ()),
    "f =~ NA*x": ("f", "=~", "x", (None,), (), ()),
    "f =~ start(.5)*x": ("f", "=~", "x", (), (0.5,), ()),
    "f =~ .5?x": ("f", "=~", "x", (), (0.5,), ()),
    "f =~ start(.5, .6)*x": ("f", "=~", "x", (), (0.5, 0.6), ()),
    "f =~ start(c(.5, .6))*x": ("f", "=~", "x", (), (0.5, 0.6), ()),
    "f =~ a*x + start(.5)*x": ("f", "=~", "x", (), (0.5,), ("a",)),
    "f =~ start(.5)*a*x": ("f", "=~", "x", (), (0.5,), ("a",)),
    "f =~ NA*a*x": ("f", "=~", "x", (None,), (), ("a",)),
    "f =~ NA*x + start(.5)*x": ("f", "=~", "x", (None,), (0.5,), ()),
    "f =~ a*x + 2*x": ("f", "=~", "x", (2.0,), (), ("a",)),
    "f =~ c(a, b)*x": ("f", "=~", "x", (), (), ("a", "b")),
    "f =~ c(a, NA)*x": ("f", "=~", "x", (), (), ("a", "")),
    'f =~ c("a", "b")*x': ("f", "=~", "x", (), (), ("a", "b")),
    "f =~ c(1, NA)*x": ("f", "=~", "x", (1.0, None), (), ()),
    "f =~ c(-1/2, .5)*x": ("f", "=~", "x", (-0.5, 0.5), (), ()),
    "f =~ c(NA, NA)*x": ("f", "=~", "x", (None, None), (), ()),
    'f =~ equal("f =~ y")*x': ("f", "=~", "x", (), (), ("f=~y",)),
    'f =~ label("a")*x': ("f", "=~", "x", (), (), ("a",)),
    "f =~ 'a'*x": ("f", "=~", "x", (), (), ("a",)),
    "f =~ 0": ("f", "=~", "f", (0.0,), (), ()),
    "y ~ 1": ("y", "~1", "", (), (), ()),
    "y ~ 0": ("y", "~1", "", (0.0,), (), ()),
    "y ~ 0*1": ("y", "~1", "", (0.0,), (), ()),
    "y ~ m*1": ("y", "~1", "", (), (), ("m",)),
    "y ~ c(0, NA)*1": ("y", "~1", "", (0.0, None), (), ()),
    "y ~ + x": ("y", "~", "x", (), (), ()),
    "x | t1": ("x", "|", "t1", (), (), ()),
    "x ~*~ 1*x": ("x", "~*~", "x", (1.0,), (), ()),
    "x ˜˜ y": ("x", "~~", "y", (), (), ()),
    "y ~\n x": ("y", "~", "x", (), (), ()),
    "y\n~ x": ("y", "~", "x", (), (), ()),
    "y ~ a\n*x": ("y", "~", "x", (), (), ("a",)),
    "y ~ c(a,\n b)*x": ("y", "~", "x", (), (), ("a", "b")),
    "信任 =~ 路径*题_1.a": ("信任", "=~", "题_1.a", (), (), ("路径",)),
    ".f =~ x._1": (".f", "=~", "x._1", (), (), ()),
    "y~-1*x": ("y", "~", "x", (-1.0,), (), ()),
}


@pytest.mark.parametrize(("text", "expected"), MODIFIERS.items(), ids=list(MODIFIERS))
def test_modifiers(text: str, expected: tuple) -> None:
    statement = parse_model(text).parameters[-1]
    assert (statement.lhs, statement.op, statement.rhs) == expected[:3]
    assert statement.modifiers == Modifiers(*expected[3:])


def said(text: str) -> list[tuple[str, str, str]]:
    model = parse_model(text)
    return [(s.lhs, s.op, s.rhs) for s in (*model.parameters, *model.relations)]


def test_comments_semicolons_and_continuations_leave_the_same_statements() -> None:
    fancy = "\n# c\nf =~ x1 +  # one\n\n x2 ! two ~~\n + x3 ;; y ~\tf;a:=1;\n#end"
    assert said(fancy) == said("f =~ x1 + x2 + x3\ny ~ f\na := 1")


def test_a_parenthesis_may_begin_a_statement_of_its_own() -> None:
    model = parse_model("y ~ a*x + b*z\n(a + b)/2 == 1\nc := (a\n - b)")
    assert [(r.lhs, r.op, r.rhs) for r in model.relations] == [("(a+b)/2", "==", "1"), ("c", ":=", "(a-b)")]


def test_blocks_carry_their_group() -> None:
    model = parse_model("group: Grant-White\nf =~ x1 + x2\ngroup: 'Pasteur'\nf =~ x1 + x2")
    assert model.blocks == ("Grant-White", "Pasteur")
    assert [s.block for s in model.parameters] == ["Grant-White"] * 2 + ["Pasteur"] * 2


def test_a_covariance_written_twice_is_one() -> None:
    model = parse_model("x ~~ a*y\nx ~~ y\nx ~~ a*y")
    assert [s.modifiers.label for s in model.parameters] == [("a",)]


# text → (line, column, a word of the message)
MISTAKES = {
    "": (0, 0, "no formulas"),
    "a := 1": (0, 0, "no formulas"),
    "f =~ x1 +": (1, 10, "stops"),
    "f =~": (1, 5, "stops"),
    "f =~ x1 + x2 +\ng =~ y": (2, 3, "second operator"),
    "f =~ x1\n=~ x2": (2, 1, "second operator"),
    "f x1": (1, 1, "no operator"),
    "y ~ x\nf": (2, 1, "no operator"),
    "f = x1": (1, 3, "single"),
    "f =~ x1 ＋ x2": (1, 9, "looks like"),
    "信任 =~ 题1 ， 题2": (1, 10, "looks like"),
    "y ~ x1:x2": (1, 7, "interaction"),
    "y ~ 2x": (1, 5, "digit"),
    "y ~ x$z": (1, 6, "unexpected"),
    "y ~ `x z`": (1, 5, "backquotes"),
    'y ~ "a': (1, 5, "never closed"),
    "y ~ c(a, b*x": (1, 6, "never closed"),
    "y ~ a)*x": (1, 6, "closes nothing"),
    "y ~ a b": (1, 7, "cannot stand"),
    "y ~ x - z": (1, 7, "cannot stand"),
    "y ~ x/2": (1, 6, "variable should stand"),
    "y ~ 2": (1, 5, "variable should stand"),
    "y ~ NA": (1, 5, "variable should stand"),
    "y ~ 2*NA": (1, 7, "variable should stand"),
    "f =~ 1": (1, 6, "no variable"),
    "f =~ x + 0": (1, 10, "no variable"),
    "x ~~ 1": (1, 6, "no variable"),
    "a*y ~ x": (1, 2, "only names"),
    "1 ~ x": (1, 1, "only names"),
    "NA ~ x": (1, 1, "only names"),
    "y, z ~ x": (1, 2, "cannot stand"),
    "f =~ f + x": (1, 6, "measured by itself"),
    "y ~ y": (1, 5, "regressed on itself"),
    "y ~ x\ny ~ a*x": (2, 7, "line 1"),
    "x ~~ y\ny ~~ x": (2, 6, "line 1"),
    "x ~~ x\nx ~~ x": (2, 6, "line 1"),
    "x ~~ a*y\nx ~~ b*y": (2, 8, "line 1"),
    "y ~ 2*x + 3*x": (1, 13, "one kind"),
    "y ~ a*x + b*x": (1, 13, "one kind"),
    "y ~ 2*x + start(1)*x": (1, 20, "starting value"),
    "y ~ 2*a*x": (1, 6, "one chain"),
    "y ~ c()*x": (1, 5, "empty"),
    "y ~ c(1, a)*x": (1, 5, "mixed"),
    "y ~ start(a)*x": (1, 5, "numbers"),
    "y ~ label(1)*x": (1, 5, "names"),
    "y ~ a/b*x": (1, 6, "neither"),
    "y ~ foo(1)*x": (1, 5, "unknown function"),
    "y ~ 1/0*x": (1, 6, "inf"),
    "y ~ lower(0)*x": (1, 5, "bounds"),
    "y ~ prior(1)*x": (1, 5, "Bayesian"),
    'efa("a")*f =~ x': (1, 1, "efa"),
    "f <~ x": (1, 3, "formative"),
    "y ~ a*x\na > 0": (2, 3, "inequality"),
    "y ~ a*x\na <= 1": (2, 3, "inequality"),
    "y % x": (1, 3, "not supported"),
    "level: 1\ny ~ x": (1, 1, "blocks are not"),
    "groop: 1\ny ~ x": (1, 6, "opens a block"),
    "group:\n": (1, 6, "which group"),
    "y ~ x\ngroup: 1\ny ~ x": (1, 5, "before the first"),
    "x | 1": (1, 5, "no variable"),
    "x | u1": (1, 5, "thresholds"),
    "x ~*~ y": (1, 7, "one variable"),
    "a + b := c": (1, 1, "one new name"),
    "y ~ a*x\nb := a +": (2, 9, "stops"),
    "y ~ a*x\nb := a c": (2, 8, "unexpected"),
    "y ~ a*x\nb := pow(a)": (2, 6, "unknown function"),
    "y ~ a*x\nb := exp(a, a)": (2, 6, "one argument"),
    "y ~ a*x\nb := a + NA": (2, 10, "no value"),
    "y ~ a*x\nb := a ? 2": (2, 8, "starting values"),
    "y ~ " + "(" * 200 + "1" + ")" * 200 + "*x": (1, 105, "nested"),
}


@pytest.mark.parametrize(("text", "where"), MISTAKES.items(), ids=[repr(text[:30]) for text in MISTAKES])
def test_mistakes_say_what_and_where(text: str, where: tuple[int, int, str]) -> None:
    line, column, words = where
    with pytest.raises(ModelError) as caught:
        parse_model(text)
    assert words in str(caught.value)
    if line:
        assert caught.value.place.endswith(f"line {line}, column {column}")


def test_the_caret_stands_under_the_character_in_wide_scripts() -> None:
    with pytest.raises(ModelError) as caught:
        parse_model("y ~ x\n信任 =~ 题1 $ 题2")
    shown, caret, where = caught.value.place.split("\n")
    assert shown == "    信任 =~ 题1 $ 题2"
    # A wide blank for each wide character, a narrow one for the others.
    assert caret == "    \u3000\u3000    \u3000  ^"
    assert where == "line 2, column 10"


def test_long_sums_are_no_deeper_than_short_ones() -> None:
    n = 1500  # deeper than Python's recursion
    labelled = "\n".join(f"y ~ b{k}*x{k}" for k in range(n))
    model = parse_model(labelled + "\ns := " + "+".join(f"b{k}" for k in range(n)))
    assert len(model.relations[0].names) == n


@given(st.text(alphabet="fx1 2.=~*+-/^()|:;\n\"'#,?<>%abcNAtest_变量&\t", max_size=40))
def test_any_text_is_a_model_or_a_placed_error(text: str) -> None:
    try:
        model = parse_model(text)
    except ModelError:
        return
    assert model.parameters


@pytest.mark.parametrize("model", [None, 3, ["f =~ x1"], b"f =~ x1"])
def test_only_text_is_a_model(model: object) -> None:
    with pytest.raises(ModelError, match="not text"):
        parse_model(model)
