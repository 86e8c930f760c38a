"""Which tool wrote an export, told by marks that only it leaves, and what its columns and labels are."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from analysis.importing.tables import Export
from questionnaire.study import Study


class Tool(StrEnum):
    """Where an export comes from."""

    SYNERGY = "synergy"
    QUALTRICS = "Qualtrics"
    LIMESURVEY = "LimeSurvey"
    WENJUANXING = "Wenjuanxing (问卷星)"
    OTHER = "another tool"


@dataclass(frozen=True, slots=True, eq=False)
class Recognised:
    """The tool, why it is thought to be, and the export without the tool's own header rows."""

    tool: Tool
    why: str
    export: Export


CONTEXT: dict[Tool, dict[str, str]] = {
    Tool.QUALTRICS: {
        "ResponseId": "respondent",
        "StartDate": "started_at",
        "EndDate": "finished_at",
        "Duration (in seconds)": "seconds_total",
        "UserLanguage": "language",
    },
    Tool.LIMESURVEY: {
        "id": "respondent",
        "Response ID": "respondent",
        "startlanguage": "language",
        "Start language": "language",
        "startdate": "started_at",
        "Date started": "started_at",
        "submitdate": "finished_at",
        "Date submitted": "finished_at",
        "interviewtime": "seconds_total",
        "Total time": "seconds_total",
    },
    Tool.WENJUANXING: {"序号": "respondent", "提交答卷时间": "finished_at", "所用时间": "seconds_total"},
}
"""Columns of a tool that the answers table has under a name of its own."""

_IDENTIFYING = re.compile(
    r"^((e-?mail|ip|phone)( ?address| ?number)?|来自ip|ipaddr|recipient(lastname|firstname|email)|name|"
    r"(first|last|full) ?name|location(latitude|longitude)|external(data)?reference|token|refurl|来源详情|"
    r"姓名|昵称|微信(号|昵称)?|手机(号码?)?|电话(号码)?|联系方式|邮箱|学号|身份证号?|"
    r"(请(填写|输入|留下))?您的(真实)?(姓名|微信号?|手机(号码?)?|电话(号码)?|联系方式|邮箱(地址)?|学号|身份证号码?)(是)?)"
    r"[？?:：]?$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\s*\d+\s*[、.．]\s*")


def identifies(name: str) -> bool:
    """Whether a column points to a person; analysis needs none of those."""
    return _IDENTIFYING.match(_NUMBER.sub("", name).strip()) is not None


MISSING = {
    Tool.QUALTRICS: frozenset({"-99"}),
    Tool.LIMESURVEY: frozenset({"n/a", "no answer", "-oth-"}),
    Tool.WENJUANXING: frozenset({"(跳过)", "(空)", "(空白)", "-3", "-2"}),
}
"""What a tool writes where nothing was answered."""

TEST_RUNS = frozenset(
    {"survey preview", "survey test", "offline survey preview", "spam preview", "1", "2", "9", "17"}
)
"""What Qualtrics' Status says of rows that no respondent gave, in words and in codes."""
SPAM = frozenset({"spam", "possible spam", "8", "12", "40", "48"})
"""What it says of rows that it takes for spam."""
NOT_FINISHED = frozenset({"false", "0", "no", "否"})
"""What its column Finished says of people who did not."""
SUBMITTED = ("submitdate", "Date submitted")
"""LimeSurvey's column that is empty for people who did not finish."""

_IMPORT_ID = re.compile(r'^\{\s*"ImportId"')
_WENJUANXING = re.compile(r"^(\d+\s*[、.．:：]\s*\S|第\d+题)")
_BRACKETED = re.compile(r"\[[^\]]+\]\s*$")
_GROUPED = re.compile(r"^G\d+Q\d+")
_LIMESURVEY_FIELDS = frozenset(
    {"submitdate", "lastpage", "startlanguage", "Start language", "Last page", "seed"}
)


def recognise(study: Study, export: Export) -> Recognised:
    """The tool that wrote ``export``."""
    names = [str(name) for name in export.rows.columns]
    codes = set(study.items)
    if codes and len(codes & set(names)) >= 0.5 * len(codes) and not _has_import_ids(export):
        return Recognised(Tool.SYNERGY, "most columns are named by the study's own codes", export)
    if _has_import_ids(export):
        why = "its third line holds Qualtrics' ImportIds; question texts stand in the second"
        return Recognised(Tool.QUALTRICS, why, _without_label_rows(export))
    if {"ResponseId", "StartDate"} <= set(names):
        return Recognised(Tool.QUALTRICS, "it has Qualtrics' own columns", export)
    numbered = sum(bool(_WENJUANXING.match(name)) for name in names)
    if {"序号", "提交答卷时间", "所用时间"} & set(names) and numbered:
        return Recognised(Tool.WENJUANXING, "its headers are numbered questions beside 问卷星's own", export)
    marked = sum(bool(_BRACKETED.search(name) or _GROUPED.match(name)) for name in names)
    if _LIMESURVEY_FIELDS & set(names) or marked >= 0.5 * len(names):
        return Recognised(Tool.LIMESURVEY, "it has LimeSurvey's own columns or codes in brackets", export)
    return Recognised(Tool.OTHER, "no tool's marks were found", export)


def _has_import_ids(export: Export) -> bool:
    head = export.rows.head(2).to_numpy(dtype=object).ravel().tolist()
    return any(_IMPORT_ID.match(str(cell)) for cell in head)


def _without_label_rows(export: Export) -> Export:
    """Qualtrics puts question texts in the second line and ImportIds in the third."""
    rows = export.rows
    ids = next(k for k in range(2) if any(_IMPORT_ID.match(str(cell)) for cell in rows.iloc[k]))
    labels = {} if ids == 0 else {str(name): str(rows[name].iloc[0]) for name in rows.columns}
    note = f"further header lines of Qualtrics, not answers: {ids + 1}"
    kept = rows.iloc[ids + 1 :].reset_index(drop=True)
    return replace(export, rows=kept, labels=export.labels | labels, notes=(*export.notes, note))
