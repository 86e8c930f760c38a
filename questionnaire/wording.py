"""The interface's own words, one table per language; a study's words are in its file."""

from __future__ import annotations

from collections.abc import Mapping

FALLBACK = "en"

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "language": "Language",
        "next": "Next",
        "back": "Back",
        "send": "Send",
        "agree": "I agree and want to take part",
        "data_use": "How may your answers be used?",
        "progress": "Page {index} of {total}",
        "saved": "Saved",
        "saving": "Saving…",
        "not_saved": "Not saved yet. Your answers are kept on this device and will be sent again.",
        "offline": "No connection. Your answers are kept on this device.",
        "stale": "This page was answered in another window. Here is where you are now.",
        "retry": "Try again",
        "unanswered": "Not answered yet. Please answer, or press Next again to leave it out.",
        "required": "Please answer this question.",
        "not_on_scale": "Please choose one of the points.",
        "not_an_option": "Please choose one of the options.",
        "exclusive": "This option cannot be combined with others.",
        "not_a_number": "Please enter a number.",
        "out_of_range": "Please enter a number between {minimum} and {maximum}.",
        "too_long": "This text is too long.",
        "prefer_not": "Prefer not to say",
        "please_specify": "Please specify",
        "finished": "Thank you. Your answers are stored.",
        "screened_out": "Thank you for your interest.",
        "withdrawn": "Your answers have been deleted. Nothing you said is kept.",
        "unavailable": "The survey cannot store answers right now. Nothing is lost: your answers stay on "
        "this device. Please try again in a moment.",
        "unknown_token": "This link is not known. Please open the survey from the invitation again.",
        "closed": "This survey is not open at the moment.",
        "invited_only": "This survey is by invitation. Please open the personal link you were sent.",
        "quota_full": "Thank you for your interest. We have already heard from enough people like you, so "
        "there is no place left in this survey. What you answered so far is kept apart and not analysed.",
        "unknown_study": "There is no survey at this address. Please open the link you were given.",
        "draft": "Every answer is saved as you give it.",
        "waiting": "Waiting for the network. Your answers are kept on this device and will be sent.",
        "refused": "The survey could not take this step. Your answers are kept on this device. "
        "Please reload the page.",
        "resume_text": "A questionnaire was begun on this device.",
        "resume": "Continue it",
        "loading": "Opening the survey…",
        "light": "Slow connection? Open the light version",
        "needs_script": "Please turn on JavaScript to answer this survey.",
        "receipt": "Your receipt code",
        "receipt_use": "Please keep it. With it you can check that your answers are stored unchanged, and "
        "delete them if you change your mind. Nobody can look it up for you.",
        "receipt_page": "Check or delete my answers",
        "copy": "Copy",
        "copied": "Copied",
        "check": "Check",
        "receipt_unknown": "No answers are stored under this code. Please look at the code again. Answers "
        "that were deleted are not found either.",
        "receipt_found": "Your {answers} answers of {finished_at} are stored as entry {sequence} "
        "of {entries}.",
        "receipt_unchanged": "They are unchanged: they match their entry in the log.",
        "receipt_changed": "They do not match their entry in the log. Please tell the researchers.",
        "chain_whole": "The log is whole: no entry has been changed, removed or put in between.",
        "chain_broken": "The log has been tampered with. Please tell the researchers.",
        "chain_head": "End of the log: {head}",
        "withdraw": "Delete my answers",
        "withdraw_warning": "This deletes everything you answered, for good. It cannot be undone.",
        "withdraw_confirm": "Yes, delete everything",
        "keep": "No, keep them",
        "pause": "Pause and go on with another device",
        "pause_code": "Your code for going on",
        "pause_use": "Open the survey's address on the other device and enter this code there. It is good "
        "until you have sent your answers; asking again makes a new one.",
        "pause_link": "Or keep this link: it is yours alone",
        "have_code": "I have a code for going on",
        "code_unknown": "No survey under way has this code. Please look at it again.",
        "too_many": "Too many tries. Please wait a minute.",
        "review": "Please look over your answers",
        "review_stem": "Nothing is sent before you press Send.",
        "review_changed": "You have changed something here that was not taken over. Please open the page and "
        "press Next.",
        "no_answer_given": "not answered",
        "change": "Change",
        "onward": "Go on to {site}",
        "profile": "See my own profile",
        "profile_note": "From 0 (lowest point throughout) to 100 (highest). Others: the mean of {people} "
        "people who have finished. A profile describes these answers; it is no test of a person.",
        "profile_few": "There is nothing to compare with yet: fewer than 20 people have finished.",
        "dimension": "Dimension",
        "you": "You",
        "others": "Others",
        "tier_now": "Now: {tier}",
        "tier_lower": "You can allow less. What you no longer allow is left out from now on:",
        "tier_changed": "Changed. Now: {tier}",
        "your_data": "Your data",
        "tier_least": "You have allowed the least there is. You can still delete everything.",
        "waiting_first": "Not changed yet: your last answers have not reached the server. "
        "Please try again when there is a connection.",
        "no_answer": "The server did not answer; nothing was changed that you were not told of. Please try "
        "again in a moment.",
    },
    "zh-CN": {
        "language": "语言",
        "next": "下一页",
        "back": "上一页",
        "send": "提交",
        "agree": "我同意并愿意参加",
        "data_use": "您的回答可以怎样使用？",
        "progress": "第 {index} 页，共 {total} 页",
        "saved": "已保存",
        "saving": "正在保存……",
        "not_saved": "尚未保存。您的回答已留在本设备上，稍后会自动再次发送。",
        "offline": "网络已断开。您的回答已留在本设备上。",
        "stale": "这一页已在另一个窗口作答，现在为您显示最新的进度。",
        "retry": "重试",
        "unanswered": "这道题还没有作答。请作答，或再按一次“下一页”跳过。",
        "required": "请回答这道题。",
        "not_on_scale": "请选择其中一个选项。",
        "not_an_option": "请选择其中一个选项。",
        "exclusive": "该选项不能与其他选项同时选择。",
        "not_a_number": "请输入数字。",
        "out_of_range": "请输入 {minimum} 到 {maximum} 之间的数字。",
        "too_long": "文字过长。",
        "prefer_not": "不愿回答",
        "please_specify": "请填写",
        "finished": "谢谢！您的回答已保存。",
        "screened_out": "感谢您的关注。",
        "withdrawn": "您的回答已删除，没有保留任何内容。",
        "unavailable": "暂时无法保存回答。您的回答不会丢失，已留在本设备上，请稍后再试。",
        "unknown_token": "无法识别该链接，请从邀请处重新打开问卷。",
        "closed": "问卷目前未开放。",
        "invited_only": "本问卷仅限受邀者参加，请打开您收到的个人链接。",
        "quota_full": "感谢您的关注。与您情况相近的受访者已经足够，本问卷没有剩余名额。"
        "您已填写的回答会单独存放，不用于分析。",
        "unknown_study": "此地址没有问卷，请打开您收到的链接。",
        "draft": "每个回答都会随时保存。",
        "waiting": "正在等待网络。您的回答已留在本设备上，稍后会自动发送。",
        "refused": "这一步未能完成。您的回答已留在本设备上，请刷新页面。",
        "resume_text": "本设备上有一份未完成的问卷。",
        "resume": "继续作答",
        "loading": "正在打开问卷……",
        "light": "网络较慢？请打开轻量版",
        "needs_script": "请启用 JavaScript 后作答。",
        "receipt": "您的凭据码",
        "receipt_use": "请妥善保存。凭它可以核对您的回答是否原样保存；如果改变主意，也可以用它删除回答。"
        "凭据码无法代查。",
        "receipt_page": "核对或删除我的回答",
        "copy": "复制",
        "copied": "已复制",
        "check": "核对",
        "receipt_unknown": "没有找到该凭据码对应的回答。请检查凭据码是否正确；已删除的回答也无法找到。",
        "receipt_found": "您于 {finished_at} 提交的 {answers} 个回答已保存，"
        "是共 {entries} 条记录中的第 {sequence} 条。",
        "receipt_unchanged": "回答没有被改动，与日志中的记录一致。",
        "receipt_changed": "回答与日志中的记录不一致，请告知研究人员。",
        "chain_whole": "日志完整：没有记录被改动、删除或插入。",
        "chain_broken": "日志曾被改动，请告知研究人员。",
        "chain_head": "日志末端：{head}",
        "withdraw": "删除我的回答",
        "withdraw_warning": "这将永久删除您的全部回答，且无法恢复。",
        "withdraw_confirm": "是的，全部删除",
        "keep": "不，保留",
        "pause": "暂停，换一台设备继续",
        "pause_code": "您的续答码",
        "pause_use": "请在另一台设备上打开问卷地址并输入此码。提交回答之前一直有效；再次索取会生成新码。",
        "pause_link": "或保存此链接（仅供您本人使用）",
        "have_code": "我有续答码",
        "code_unknown": "没有进行中的问卷使用此码，请再核对。",
        "too_many": "尝试次数过多，请等一分钟。",
        "review": "请检查您的回答",
        "review_stem": "按“提交”之前不会提交任何内容。",
        "review_changed": "这一页有尚未采用的改动，请打开该页并按“下一页”。",
        "no_answer_given": "未作答",
        "change": "修改",
        "onward": "前往 {site}",
        "profile": "查看我的得分",
        "profile_note": "0 表示全部选最低，100 表示全部选最高。“其他人”是 {people} 位已完成者的平均值。"
        "得分只描述这些回答，不是对个人的测验。",
        "profile_few": "暂时无法比较：完成者不足 20 人。",
        "dimension": "维度",
        "you": "您",
        "others": "其他人",
        "tier_now": "目前：{tier}",
        "tier_lower": "您可以缩小授权范围。不再允许的内容今后将不再使用：",
        "tier_changed": "已更改。目前：{tier}",
        "your_data": "您的数据",
        "tier_least": "您目前的授权范围已是最小，但仍可删除全部回答。",
        "waiting_first": "尚未更改：您最近的回答还没有送达服务器，请在网络恢复后重试。",
        "no_answer": "服务器没有回应，除已告知您的以外没有任何改动。请稍后再试。",
    },
}


_NAMES: Mapping[str, str] = {
    "ar": "العربية",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "hi": "हिन्दी",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "pt": "Português",
    "ru": "Русский",
    "th": "ไทย",
    "tr": "Türkçe",
    "vi": "Tiếng Việt",
    "zh-CN": "简体中文",
    "zh-TW": "繁體中文",
}
"""Languages in their own words, for the switch: whoever looks for it cannot read the others."""


def language_name(language: str) -> str:
    """What speakers call the language; its code where that is not known here."""
    return _NAMES.get(language) or _NAMES.get(language.split("-")[0], language)


def wording(language: str) -> Mapping[str, str]:
    """The interface's words in ``language``, in English where a language has none."""
    exact = _WORDS.get(language)
    if exact is not None:
        return exact
    primary = language.split("-")[0]
    return next((words for code, words in _WORDS.items() if code.split("-")[0] == primary), _WORDS[FALLBACK])
