"""The study editor's own words, one table per language."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "choose": "Choose",
        "title": "Study editor",
        "start": "Start from",
        "upload": "A study file (YAML)",
        "items": "Items",
        "file": "The whole file",
        "items_note": "Changing the table rewrites the file; comments in the file are dropped.",
        "apply": "Take the table over",
        "file_label": "Study file",
        "valid": "Valid: {items} items, {pages} pages, {languages}.",
        "problems": "Problems to mend: {n}",
        "line": "Line",
        "field": "Field",
        "what": "Problem",
        "mend": "Mend",
        "row_problem": "The table cannot be taken over: {problem}",
        "preview": "Preview",
        "language": "Language",
        "form": "Form",
        "page": "Page",
        "frame": "Frame",
        "phone": "Phone",
        "desk": "Desk",
        "no_preview": "The preview comes back when the problems are mended.",
        "save": "Keep as a new version",
        "open_too": "Open it to respondents and close the version before to newcomers",
        "saved": "Kept: {code} version {version} ({hash}). Answers given to earlier versions stay with them.",
        "plan_changed": "The analysis plan changes: for a study that was opened before, what is tested "
        "will be called exploratory.",
        "unchanged": "Nothing has changed yet.",
        "refused": "Not kept: {problem}",
        "download": "Download the file",
        "construct": "Construct",
        "code": "Code",
        "reverse": "Reversed",
        "short": "In the short form",
        "wording": "Wording ({language})",
    },
    "zh-CN": {
        "choose": "请选择",
        "title": "研究编辑器",
        "start": "从哪里开始",
        "upload": "研究文件（YAML）",
        "items": "题目",
        "file": "整个文件",
        "items_note": "修改表格会重写文件，文件中的注释不会保留。",
        "apply": "采用表格内容",
        "file_label": "研究文件",
        "valid": "有效：{items} 道题，{pages} 页，{languages}。",
        "problems": "需要修改的问题：{n} 个",
        "line": "行",
        "field": "字段",
        "what": "问题",
        "mend": "如何修改",
        "row_problem": "无法采用表格内容：{problem}",
        "preview": "预览",
        "language": "语言",
        "form": "版式",
        "page": "页",
        "frame": "显示框",
        "phone": "手机",
        "desk": "电脑",
        "no_preview": "问题改好后会恢复预览。",
        "save": "保存为新版本",
        "open_too": "向受访者开放，并停止旧版本接收新受访者",
        "saved": "已保存：{code} 版本 {version}（{hash}）。此前版本的回答仍属于原版本。",
        "plan_changed": "分析计划有变化：如果研究此前已开放，检验将被标为探索性。",
        "unchanged": "还没有任何修改。",
        "refused": "未保存：{problem}",
        "download": "下载文件",
        "construct": "构念",
        "code": "代码",
        "reverse": "反向计分",
        "short": "短版包含",
        "wording": "题目文字（{language}）",
    },
}


def editor_words(accept_language: str) -> Mapping[str, str]:
    """The words in the browser's first language that there is, else in English."""
    for wish in accept_language.split(","):
        primary = wish.split(";")[0].strip().split("-")[0].lower()
        for code, words in WORDS.items():
            if primary == code.split("-")[0].lower():
                return words
    return WORDS["en"]
