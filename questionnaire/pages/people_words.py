"""The words of the page about people, one table per language."""

from __future__ import annotations

from collections.abc import Mapping

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "People",
        "intro": "Who has an account, and what was done with it. A changed role or a disabled account takes "
        "effect at once: open sessions end.",
        "name": "Name",
        "role": "Role",
        "state": "State",
        "since": "Since",
        "active": "active",
        "invited": "invited",
        "disabled": "disabled",
        "role_owner": "owner: everything, people and the audit log too",
        "role_researcher": "researcher: studies, answers and contact data",
        "role_analyst": "analyst: answers under pseudonyms, without what respondents wrote themselves",
        "role_viewer": "viewer: results only",
        "invite": "Invite someone",
        "invite_name": "E-mail address or another sign-in name",
        "invite_button": "Make the link",
        "link": "Give this link to {name}. It works once, for seven days, and is not shown again:",
        "change": "Change an account",
        "choose": "Account",
        "change_role": "Change the role",
        "disable": "Disable",
        "enable": "Enable",
        "new_link": "New link (a forgotten password)",
        "done": "Done.",
        "log": "Audit log",
        "log_intro": "Changes of accounts and studies, links made for respondents, "
        "analyses and exports of answers, and what was done on the server’s command line. "
        "Entries cannot be changed or taken out; each is bound to the one before.",
        "log_whole": "The chain of {count} entries is whole. Last hash: {hash}",
        "log_broken": "The chain is broken at entry {place}: the log was changed outside this program.",
        "log_newest": "The newest {count} entries; the file holds all.",
        "log_download": "Download the audit log (JSON lines)",
        "when": "When (UTC)",
        "who": "Who",
        "what": "What",
        "study": "Study",
        "detail": "Detail",
        "server": "the server",
        "name_taken": "There is an account of this name already. Choose another name.",
        "name_shape": "A name has 3 to 254 characters and no spaces. Choose another.",
        "last_owner": "This is the last owner. Make someone else an owner first.",
        "unknown_account": "There is no such account any more. Reload the page.",
        "forbidden": "Your account does not allow this.",
    },
    "zh-CN": {
        "title": "人员",
        "intro": "谁拥有账户，以及用账户做了什么。更改角色或停用账户立即生效：已打开的会话随即结束。",
        "name": "登录名",
        "role": "角色",
        "state": "状态",
        "since": "创建时间",
        "active": "正常",
        "invited": "已邀请",
        "disabled": "已停用",
        "role_owner": "所有者：全部权限，包括人员与审计日志",
        "role_researcher": "研究者：研究项目、回答与联系方式",
        "role_analyst": "分析员：使用化名的回答，不含受访者自行填写的文字",
        "role_viewer": "查看者：仅结果",
        "invite": "邀请他人",
        "invite_name": "电子邮箱或其他登录名",
        "invite_button": "生成链接",
        "link": "请将此链接交给 {name}。链接只能使用一次，七天内有效，且不会再次显示：",
        "change": "更改账户",
        "choose": "账户",
        "change_role": "更改角色",
        "disable": "停用",
        "enable": "启用",
        "new_link": "新链接（忘记密码时）",
        "done": "已完成。",
        "log": "审计日志",
        "log_intro": "账户与研究项目的更改、为受访者生成的链接、对回答的分析和导出，"
        "以及在服务器命令行上的操作。记录无法更改或删除，每条都与前一条相连。",
        "log_whole": "{count} 条记录的链完整。最后的哈希值：{hash}",
        "log_broken": "链在第 {place} 条记录处断开：日志在本程序之外被更改过。",
        "log_newest": "最新的 {count} 条记录；文件包含全部记录。",
        "log_download": "下载审计日志（JSON lines）",
        "when": "时间（UTC）",
        "who": "谁",
        "what": "操作",
        "study": "研究项目",
        "detail": "详情",
        "server": "服务器",
        "name_taken": "该登录名已有账户，请换一个。",
        "name_shape": "登录名须为 3 至 254 个字符，且不含空格。请换一个。",
        "last_owner": "这是最后一位所有者。请先让另一人成为所有者。",
        "unknown_account": "该账户已不存在。请刷新页面。",
        "forbidden": "您的账户无权进行此操作。",
    },
}

_ACTIONS: Mapping[str, Mapping[str, str]] = {
    "en": {},
    "zh-CN": {
        "link for the first owner": "第一位所有者的链接",
        "joined": "加入",
        "signed in": "登录",
        "signed out": "退出登录",
        "signed in at the institution": "在所在机构登录",
        "took over": "完成机构登录",
        "refused at the institution": "机构登录被拒",
        "invited": "邀请",
        "new link": "新链接",
        "changed role": "更改角色",
        "disabled": "停用",
        "enabled": "启用",
        "export": "导出",
        "read": "读取",
        "read contacts": "读取联系方式",
        "analysis": "分析",
        "make links": "生成受访者链接",
        "changed study": "更改研究项目",
        "open study": "开放研究项目",
        "close study": "关闭研究项目",
        "set quota": "设置配额",
        "remove quota": "移除配额",
        "import": "导入",
        "backup": "备份",
        "restore": "恢复",
        "changed keys": "更换密钥",
    },
}


def people_words(accept_language: str) -> Mapping[str, str]:
    """The words in the browser's first language that there is, else in English."""
    return _WORDS[_language(accept_language)]


def action_words(accept_language: str, action: str) -> str:
    """An entry's action in the reader's language; one without words there stays as it was recorded."""
    return _ACTIONS[_language(accept_language)].get(action, action)


def _language(accept_language: str) -> str:
    for wish in accept_language.split(","):
        primary = wish.split(";")[0].strip().split("-")[0].lower()
        for code in _WORDS:
            if primary == code.split("-")[0].lower():
                return code
    return "en"
