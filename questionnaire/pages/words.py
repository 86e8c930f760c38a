"""The console's own words, one table per language."""

from __future__ import annotations

from collections.abc import Mapping

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "studies": "Studies",
        "analysis": "Analysis",
        "sampling": "Respondents",
        "field": "Field",
        "editor": "Editor",
        "people": "People",
        "signed_in": "Signed in as {name} ({role}).",
        "sign_out": "Sign out",
        "sign_in": "Sign in",
        "demonstration": "You are looking at synthetic demo answers without an account.",
        "forbidden": "Your account does not allow this.",
        "role_owner": "owner",
        "role_researcher": "researcher",
        "role_analyst": "analyst",
        "role_viewer": "viewer",
        "about": "{code}, version {version} ({hash}), {languages}",
        "out_of_reach": "The database is out of reach: {error}",
        "started": "Started",
        "completed": "Completed",
        "screened_out": "Screened out",
        "quota_full": "No place left",
        "under_way": "Under way",
        "survey": "Survey",
        "light": "Light version, for slow phones",
        "any_language": "any language",
        "format": "Answers as",
        ".csv": "CSV",
        ".xlsx": "Excel",
        ".sav": "SPSS",
        ".parquet": "Parquet",
        ".xml": "Codebook (DDI)",
        "download": "Download",
        "ledger": "Log of finished answers: {n} entries, head `{head}`. Publish the head with the answers: "
        "nobody can change an entry before it unnoticed.",
        "bundle_help": "The replication bundle holds what it takes to fit the study's models again in R, "
        "without respondents' codes, background answers or free text.",
        "make_bundle": "Make the replication bundle",
        "making_bundle": "Analysing; this takes a minute or more. Please leave the page open.",
        "no_bundle": "It cannot be made: {reason}",
        "download_bundle": "Download the replication bundle (ZIP)",
    },
    "zh-CN": {
        "studies": "研究项目",
        "analysis": "分析",
        "sampling": "受访者",
        "field": "实地进展",
        "editor": "研究编辑器",
        "people": "人员",
        "signed_in": "当前登录：{name}（{role}）。",
        "sign_out": "退出登录",
        "sign_in": "登录",
        "demonstration": "您正在无账户查看合成的演示数据。",
        "forbidden": "您的账户无权进行此操作。",
        "role_owner": "所有者",
        "role_researcher": "研究者",
        "role_analyst": "分析员",
        "role_viewer": "查看者",
        "about": "{code}，版本 {version}（{hash}），{languages}",
        "out_of_reach": "无法连接数据库：{error}",
        "started": "已开始",
        "completed": "已完成",
        "screened_out": "不符合条件",
        "quota_full": "名额已满",
        "under_way": "进行中",
        "survey": "问卷",
        "light": "轻量版（适合较慢的手机）",
        "any_language": "自动选择语言",
        "format": "回答的格式",
        ".csv": "CSV",
        ".xlsx": "Excel",
        ".sav": "SPSS",
        ".parquet": "Parquet",
        ".xml": "编码手册（DDI）",
        "download": "下载",
        "ledger": "已完成回答的日志：{n} 条记录，末端 `{head}`。"
        "请随回答一并公布末端值：此后任何改动都会被发现。",
        "bundle_help": "复现包包含在 R 中重新拟合本研究模型所需的一切，不含受访者编号、背景信息和自由文本。",
        "make_bundle": "生成复现包",
        "making_bundle": "正在分析，需要一分钟或更久，请不要关闭本页。",
        "no_bundle": "无法生成：{reason}",
        "download_bundle": "下载复现包（ZIP）",
    },
}


def console_words(accept_language: str) -> Mapping[str, str]:
    """The words in the browser's first language that there is, else in English."""
    return best(_WORDS, accept_language)[1]


def console_language(accept_language: str) -> str:
    """The language that :func:`console_words` speaks."""
    return best(_WORDS, accept_language)[0]


def best(tables: Mapping[str, Mapping[str, str]], accept_language: str) -> tuple[str, Mapping[str, str]]:
    """The browser's first language that there is a table for, else English, and that table."""
    for wish in accept_language.split(","):
        primary = wish.split(";")[0].strip().split("-")[0].lower()
        for code, words in tables.items():
            if primary == code.split("-")[0].lower():
                return code, words
    return "en", tables["en"]
