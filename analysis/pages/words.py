"""The workbench's own words, one table per language."""

from __future__ import annotations

from collections.abc import Mapping

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Analysis",
        "study": "Study",
        "answers": "Answers",
        "live": "Finished answers in the store ({n})",
        "demo": "Synthetic demo answers (simulated, not from people)",
        "nobody": "Nobody has finished the survey yet.",
        "seed": "Seed",
        "seed_help": "Fixes every random draw, so that the same seed gives the same figures.",
        "analyse": "Analyse",
        "starting": "Starting a worker process",
        "cancel": "Cancel",
        "cancelled": "The analysis was cancelled; nothing of it was kept.",
        "failed": "The analysis failed: {reason}",
        "download": "Download report and tables",
    },
    "zh-CN": {
        "title": "分析",
        "study": "研究",
        "answers": "回答",
        "live": "数据库中已完成的回答（{n} 份）",
        "demo": "演示用合成回答（模拟生成，并非真人）",
        "nobody": "还没有人完成问卷。",
        "seed": "随机种子",
        "seed_help": "固定所有随机抽取，同一种子得到同样的数字。",
        "analyse": "开始分析",
        "starting": "正在启动工作进程",
        "cancel": "取消",
        "cancelled": "分析已取消，没有保留任何结果。",
        "failed": "分析失败：{reason}",
        "download": "下载报告与表格",
    },
}


class Words:
    """Looks a word up in one language and fills its blanks."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, /, **blanks: object) -> str:
        """The word for ``key``; KeyError for a key no table has."""
        return _WORDS[self.language][key].format(**blanks)


def words(language: str) -> Words:
    """The workbench's words in ``language``."""
    return Words(language if language in _WORDS else "en")
