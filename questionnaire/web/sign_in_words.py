"""The words of signing in and of joining, one table per language."""

from __future__ import annotations

from collections.abc import Mapping

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "sign_in": "Sign in",
        "sign_out": "Sign out",
        "welcome": "Welcome",
        "name": "Sign-in name",
        "name_hint": "Your e-mail address is a good one. It stands in the audit log beside what you do.",
        "password": "Password",
        "password_hint": "At least 12 characters. A sentence is easier to remember than signs.",
        "join": "Set the password and sign in",
        "first_owner": "You are the first owner: you will invite the others.",
        "invited_as": "This link is for {name}.",
        "go_on": "Continue as {name}",
        "signed_in_as": "Signed in as {name}.",
        "not_signed_in": "You are not signed in.",
        "institution": "Sign in through your institution",
        "institution_named": "Sign in through {title}",
        "institution_going": "You are being sent to your institution’s sign-in page …",
        "institution_knows": "Your institution says that you are {address}.",
        "institution_leave": "Sign out at your institution",
        "institution_failed": "Signing in through your institution did not work. Try again; if it stays so, "
        "tell an owner.",
        "institution_down": "Your institution’s sign-in page cannot be reached. Try again later, or use a "
        "password.",
        "institution_wrong": "What your institution sent does not fit the settings of this server. Tell an "
        "owner.",
        "institution_stale": "Too much time has passed since you signed in at your institution. Sign in "
        "again; if it stays so, a clock is wrong.",
        "institution_used": "This sign-in was used already. Sign in again.",
        "institution_unverified": "Your institution does not confirm that this e-mail address is yours. Ask "
        "it to, or ask an owner for a link.",
        "go_on_here": "Continue",
        "back_to_sign_in": "To the sign-in page",
        "home": "To the start page",
        "ask_owner": "No account yet, or the password forgotten? An owner can give you a link.",
        "not_known": "Name and password do not fit. Check both and try again.",
        "too_many": "Too many attempts. Wait a quarter of an hour and try again.",
        "password_short": "The password has fewer than 12 characters. Make it longer.",
        "password_long": "The password has more than 256 characters. Make it shorter.",
        "password_common": "This password is among the first that are guessed. Choose another.",
        "name_shape": "A name has 3 to 254 characters and no spaces. Choose another.",
        "name_taken": "There is an account of this name already. Choose another name.",
        "link_used": "This link was used already or has run out. Ask an owner for another; the first owner "
        "gets one by starting the server again.",
        "not_invited": "The address that your institution confirms is not invited here. Ask an owner to "
        "invite it.",
        "form_old": "This form is no longer valid. Send it again.",
        "unavailable": "The database is out of reach. Try again in a moment.",
    },
    "zh-CN": {
        "sign_in": "登录",
        "sign_out": "退出登录",
        "welcome": "欢迎",
        "name": "登录名",
        "name_hint": "建议使用您的电子邮箱。审计日志会以此名称记录您的操作。",
        "password": "密码",
        "password_hint": "至少 12 个字符。一句话比一串符号更容易记住。",
        "join": "设置密码并登录",
        "first_owner": "您是第一位所有者，将由您邀请其他人。",
        "invited_as": "此链接供 {name} 使用。",
        "go_on": "以 {name} 的身份继续",
        "signed_in_as": "当前登录：{name}。",
        "not_signed_in": "您尚未登录。",
        "institution": "通过所在机构登录",
        "institution_named": "通过 {title} 登录",
        "institution_going": "正在转到您所在机构的登录页面……",
        "institution_knows": "您的机构确认您是 {address}。",
        "institution_leave": "退出机构登录",
        "institution_failed": "未能通过所在机构登录。请重试；如仍不成功，请告知所有者。",
        "institution_down": "无法访问您所在机构的登录页面。请稍后再试，或使用密码登录。",
        "institution_wrong": "机构发来的信息与本服务器的设置不符。请告知所有者。",
        "institution_stale": "距离您在机构登录的时间过长。请重新登录；如仍如此，说明某处时钟不准。",
        "institution_used": "这次登录已被使用过。请重新登录。",
        "institution_unverified": "您的机构未确认此电子邮箱属于您。请让机构确认，或向所有者索取链接。",
        "go_on_here": "继续",
        "back_to_sign_in": "前往登录页面",
        "home": "返回首页",
        "ask_owner": "还没有账户，或忘记了密码？请向所有者索取链接。",
        "not_known": "登录名与密码不符。请检查后重试。",
        "too_many": "尝试次数过多。请等待一刻钟后再试。",
        "password_short": "密码少于 12 个字符，请加长。",
        "password_long": "密码超过 256 个字符，请缩短。",
        "password_common": "这个密码很容易被猜到，请换一个。",
        "name_shape": "登录名须为 3 至 254 个字符，且不含空格。请换一个。",
        "name_taken": "该登录名已有账户，请换一个。",
        "link_used": "此链接已被使用或已过期。请向所有者索取新链接；"
        "第一位所有者重新启动服务器即可获得新链接。",
        "not_invited": "您所在机构确认的邮箱地址尚未受邀。请联系所有者邀请该地址。",
        "form_old": "此表单已失效，请重新提交。",
        "unavailable": "无法连接数据库。请稍后再试。",
    },
}


def preferred(accept_language: str, asked: str | None = None) -> str:
    """The language asked for, else the browser's first that there is, else English."""
    for wish in (asked or "", *accept_language.split(",")):
        primary = wish.split(";")[0].strip().split("-")[0].lower()
        for code in _WORDS:
            if primary == code.split("-")[0].lower():
                return code
    return "en"


def sign_in_words(language: str) -> Mapping[str, str]:
    """The words in that language, or in English."""
    return _WORDS.get(language, _WORDS["en"])
