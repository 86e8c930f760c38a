"""A study small enough to follow by eye, built without a file."""

from dataclasses import replace

from questionnaire.instrument import (
    Block,
    Check,
    CheckKind,
    Consent,
    ConsentTier,
    Construct,
    Form,
    Item,
    Option,
    Question,
    QuestionKind,
    Role,
    Scale,
    Shuffled,
)
from questionnaire.plan import Gate, Measurement, Rules, Wave
from questionnaire.storage import StoredStudy
from questionnaire.study import Study


def both(text: str) -> dict[str, str]:
    return {"en": text, "zh-CN": f"{text}（中文）"}


def construct(code: str, count: int = 4) -> Construct:
    items = tuple(
        Item(f"{code}{n}", code, both(f"On {{platform}}: {code} {n}"), "agree5", short=n < count)
        for n in range(1, count + 1)
    )
    return Construct(code, both(code), Role.FACET, items)


PLATFORM = Question(
    "platform",
    QuestionKind.SINGLE,
    both("Which platform?"),
    (
        Option("douyin", {"en": "Douyin", "zh-CN": "抖音"}, {"platform": {"en": "Douyin", "zh-CN": "抖音"}}),
        Option("other", both("Other"), free_text=True),
    ),
)
ADULT = Question(
    "adult",
    QuestionKind.SINGLE,
    both("Are you 18 or older?"),
    (Option("yes", both("Yes")), Option("no", both("No"))),
    screen_out=("no",),
)
AGE = Question(
    "age",
    QuestionKind.NUMBER,
    both("Age"),
    required=False,
    prefer_not=True,
    consent_level=1,
    minimum=18,
    maximum=120,
)
FORMS = Question(
    "forms",
    QuestionKind.MULTIPLE,
    both("What did you join?"),
    (
        Option("live", both("Live")),
        Option("goods", both("Goods")),
        Option("none", both("None"), exclusive=True),
    ),
    required=False,
)

STUDY = Study(
    code="small",
    version="1",
    title=both("A small study"),
    languages=("en", "zh-CN"),
    scales=(Scale("agree5", 5, {"en": tuple("12345"), "zh-CN": tuple("一二三四五")}),),
    constructs=(construct("AAA"), construct("BBB"), construct("OUT")),
    dimensions=(),
    questions=(ADULT, PLATFORM, FORMS, AGE),
    checks=(Check("AC1", CheckKind.INSTRUCTED, both("Choose 2"), "agree5", (2,)),),
    blocks=(
        Block("opening", ("adult", "platform", "forms"), both("About you")),
        Block("first", ("AAA", "AC1"), both("First"), both("Think of {platform}."), shuffle=True, per_page=3),
        Block("second", ("BBB",), both("Second"), shuffle=True),
        Block("outcome", ("OUT",), both("Outcome")),
        Block("closing", ("age",), both("Closing")),
    ),
    sequences=(
        ("opening", Shuffled(("first", "second")), "outcome", "closing"),
        ("opening", "outcome", Shuffled(("first", "second")), "closing"),
    ),
    forms=(Form("long", both("Long")), Form("short", both("Short"), short_only=True, omit=("BBB",))),
    consent=Consent(both("Take part?"), (ConsentTier(0, both("Answers")), ConsentTier(1, both("And age")))),
    thanks=both("Thank you"),
    screened_out=both("Sorry"),
    groups=(),
    waves=(Wave("w1", both("First wave")),),
    measurement=Measurement("ML", "listwise", "raw", "synergy", 3),
    models=(),
    hypotheses=(),
    rules=Rules(0.95, 0.90, "holm", Gate(0.7, 0.85, 0.9, 0.9), 100),
    screening=(),
    content_hash="a" * 64,
    plan_hash="b" * 64,
)
LATER_VERSION = replace(STUDY, version="2", content_hash="c" * 64)


def stored_study(study):
    return StoredStudy(
        study.content_hash, study.code, study.version, study.plan_hash, "code: 小", "2026-01-01T00:00:00.000Z"
    )
