"""The field dashboard's own words, one table per language."""

from __future__ import annotations

from collections.abc import Mapping

from questionnaire.pages.words import best

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Field",
        "study": "Study",
        "refreshed": "Looks again every {seconds} seconds.",
        "nobody": "Nobody has started yet. The page fills as answers come in.",
        "out_of_reach": "The database is out of reach: {error}. Answers already stored are safe; "
        "this page comes back by itself.",
        "started": "Started",
        "completed": "Completed",
        "under_way": "Under way",
        "screened_out": "Screened out",
        "quota_full": "No place left",
        "withdrawn": "Withdrawn",
        "by_day": "Starts and completions by day",
        "day": "Day (UTC)",
        "respondents": "Respondents",
        "losses": "Where respondents stop",
        "losses_note": "Of those who reached a block: not moved for 30 minutes (gone) or on it now. "
        "Blocks stand in the order most respondents met them.",
        "block": "Block",
        "share": "Share of those who reached it",
        "gone": "Gone",
        "now": "On it now",
        "reached": "Reached",
        "times": "Seconds a question",
        "times_note": "Median and middle half of the page visits of each block.",
        "seconds": "Seconds a question",
        "means": "Means by group",
        "not_comparable": "Not comparable between groups until measurement invariance is shown: a group may "
        "read the questions otherwise. Means with 95% intervals; groups of fewer than five are not shown.",
        "compare_ask": "Check now whether the groups may be compared",
        "comparable": "The means may be compared: answers mean the same in every group (scalar invariance, "
        "{n} answers). Means with 95% intervals; groups of fewer than five are not shown.",
        "comparable_but": "The means may be compared, but for what differs between groups: {freed} (partial "
        "scalar invariance, {n} answers).",
        "incomparable": "The means may not be compared: {reason} ({n} answers).",
        "mean": "Mean on the rating scale",
        "group": "Group",
        "dimension": "Dimension",
        "means_withheld": "Means and flags follow every new answer and could give one person’s away. Results "
        "about groups stand in the report on the page “Analysis”.",
        "too_few_means": "Shown once a group has five finished answers.",
        "charts": "Is a mean drifting?",
        "charts_note": "EWMA control charts (λ = 0.2, L = 2.86) over groups of 20 in order of arrival; the "
        "first five set the limits. A point outside asks to look for a cause, such as another source "
        "of respondents.",
        "too_few_chart": "Shown from {n} finished answers on.",
        "out_of_limits": "{dimension}: {n} of {total} points outside the limits.",
        "in_limits": "{dimension}: all points within the limits.",
        "order": "Group of 20, by arrival",
        "ewma": "Weighted mean",
        "balance": "Balance of the dimensions",
        "too_few": "Too few to tell: {n} finished answers with all dimensions, at least 20 are needed.",
        "balanced": "No imbalance: every difference lies within half a scale point ({n} answers).",
        "uncertain": "Undecided: an interval reaches across half a scale point ({n} answers).",
        "imbalanced": "Imbalance: {lower} lies more than half a scale point behind {higher} ({n} answers).",
        "gap": "{higher} − {lower}: {difference:.2f}, 95% interval {ci_lower:.2f} to {ci_upper:.2f}",
        "gap_note": "Within persons, intervals hold together (Bonferroni). Equal agreement is not "
        "equal investment.",
        "flags": "Data quality",
        "flags_ask": "Count the flags now",
        "flags_note": "Flags are counted here and nobody is left out; the analysis shows every result "
        "at each level.",
        "no_flags": "No finished answers to screen yet.",
        "index": "Index",
        "flagged": "Flagged",
        "judged": "Judged",
        "level": "Level",
        "kept": "Kept",
        "excluded": "Left out",
        "cannot": "Cannot be computed because",
    },
    "zh-CN": {
        "title": "实地进展",
        "study": "研究",
        "refreshed": "每 {seconds} 秒刷新一次。",
        "nobody": "还没有人开始填写。收到回答后本页会自动显示。",
        "out_of_reach": "无法连接数据库：{error}。已保存的回答是安全的，恢复后本页会自动显示。",
        "started": "已开始",
        "completed": "已完成",
        "under_way": "进行中",
        "screened_out": "不符合条件",
        "quota_full": "名额已满",
        "withdrawn": "已撤回",
        "by_day": "每天开始与完成的人数",
        "day": "日期（UTC）",
        "respondents": "人数",
        "losses": "受访者在哪里停下",
        "losses_note": "在到达该部分的人中：30 分钟没有继续的（已离开）或正在填写的。"
        "各部分按多数人遇到的顺序排列。",
        "block": "部分",
        "share": "占到达该部分者的比例",
        "gone": "已离开",
        "now": "正在填写",
        "reached": "到达人数",
        "times": "每题用时（秒）",
        "times_note": "各部分页面停留时间的中位数与中间一半的范围。",
        "seconds": "每题用时（秒）",
        "means": "各组均值",
        "not_comparable": "在证明测量不变性之前，各组均值不可比较：不同组可能对题目有不同理解。"
        "图中为均值及 95% 区间；不足五人的组不显示。",
        "compare_ask": "立即检查各组能否比较",
        "comparable": "各组均值可以比较：回答在各组含义相同（强（标量）不变性成立，{n} 份回答）。"
        "图中为均值及 95% 区间；不足五人的组不显示。",
        "comparable_but": "除各组不同的 {freed} 外，均值可以比较（部分强（标量）不变性成立，{n} 份回答）。",
        "incomparable": "各组均值不可比较：{reason}（{n} 份回答）。",
        "mean": "量表均值",
        "group": "组",
        "dimension": "维度",
        "means_withheld": "均值与标记随每份新回答变化，可能泄露个别受访者的回答。"
        "群体结果请见“分析”页的报告。",
        "too_few_means": "某组有五份完成的回答后才会显示。",
        "charts": "均值是否在漂移？",
        "charts_note": "EWMA 控制图（λ = 0.2，L = 2.86），按到达顺序每 20 人一组；前五组确定控制限。"
        "超出控制限的点提示应查找原因，例如受访者来源发生了变化。",
        "too_few_chart": "完成的回答达到 {n} 份后显示。",
        "out_of_limits": "{dimension}：{total} 个点中有 {n} 个超出控制限。",
        "in_limits": "{dimension}：所有点都在控制限内。",
        "order": "每 20 人一组（按到达顺序）",
        "ewma": "加权均值",
        "balance": "各维度是否均衡",
        "too_few": "人数太少，无法判断：各维度完整的回答有 {n} 份，至少需要 20 份。",
        "balanced": "没有失衡：所有差异都在半个量表分以内（{n} 份回答）。",
        "uncertain": "未定：有区间跨越半个量表分（{n} 份回答）。",
        "imbalanced": "失衡：{lower}比{higher}低半个量表分以上（{n} 份回答）。",
        "gap": "{higher} − {lower}：{difference:.2f}，95% 区间 {ci_lower:.2f} 至 {ci_upper:.2f}",
        "gap_note": "个体内比较，各区间同时成立（Bonferroni）。同意程度相等并不等于投入相等。",
        "flags": "数据质量",
        "flags_ask": "立即统计标记",
        "flags_note": "这里只统计标记，不剔除任何人；分析会给出每个筛查级别的全部结果。",
        "no_flags": "还没有可供筛查的完成回答。",
        "index": "指标",
        "flagged": "有标记",
        "judged": "可判断",
        "level": "级别",
        "kept": "保留",
        "excluded": "剔除",
        "cannot": "无法计算的原因",
    },
}


def dashboard_words(accept_language: str) -> tuple[str, Mapping[str, str]]:
    """The language and its words: the browser's first that there is, else English."""
    return best(WORDS, accept_language)
