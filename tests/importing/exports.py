"""Small exports as each tool writes them, of the same three respondents."""

import csv
import io
import json
import zipfile

import openpyxl
import pandas as pd

LABELS = {
    "en": ("Never", "Rarely", "Sometimes", "Often", "Always"),
    "de": ("Nie", "Selten", "Manchmal", "Oft", "Immer"),
}
GIVEN = {
    "BR1": (1, 5, 3),
    "BR2": (2, 4, None),
    "BR3": (5, 1, 3),
    "TA1": (1, 2, 3),
    "TA2": (4, 4, 4),
    "TA3": (5, 3, 2),
    "MO1": (3, 3, 3),
    "MO2": (2, 5, 1),
    "MO3": (4, None, 5),
}


def _csv(rows, encoding="utf-8-sig", mark=","):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=mark).writerows(rows)
    return text.getvalue().encode(encoding)


def _label(rating, language):
    return "" if rating is None else LABELS[language][rating - 1]


def qualtrics(study):
    """Choice text: codes, wording after the matrix's stem, ImportIds, then answers; one preview."""
    own = ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished"]
    own += ["ResponseId", "UserLanguage"]
    codes = [f"Q2_{place}" for place in range(1, len(GIVEN) + 1)]
    wording = [f"Think of the past four weeks. - {study.items[code].wording['en']}" for code in GIVEN]
    ids = [json.dumps({"ImportId": name}) for name in (*own, *codes, "QID9")]
    rows = [[*own, *codes, "Q9"], [*own, *wording, study.question("drink").wording["en"]], ids]
    for k, language in enumerate(("en", "de", "en")):
        fixed = ["2025-03-01 09:00:00", "2025-03-01 09:04:00", "IP Address", "10.0.0.1", "100", str(200 + k)]
        answers = [_label(values[k], language) for values in GIVEN.values()]
        rows.append(
            [*fixed, "True", f"R_{k}", language.upper(), *answers, ("Tea", "Kaffee", "Something else")[k]]
        )
    preview = [
        "2025-02-01 09:00:00",
        "2025-02-01 09:04:00",
        "Survey Preview",
        "",
        "100",
        "9",
        "True",
        "R_p",
        "EN",
    ]
    rows.append([*preview, *["Never"] * len(GIVEN), "Tea"])
    return _csv(rows)


def limesurvey(codes_only):
    """Answer codes with codes in brackets and ``;``, or the fuller heading ``BR1. wording``."""
    head = ["id", "submitdate", "lastpage", "startlanguage", "seed", "ipaddr"]
    head += [f"G1Q1[{code}]" if codes_only else f"{code}. Whatever was asked here" for code in GIVEN]
    rows = [[*head, "interviewtime"]]
    for k in range(3):
        kind = "" if codes_only else "A"
        answers = ["N/A" if values[k] is None else f"{kind}{values[k]}" for values in GIVEN.values()]
        rows.append([str(k + 1), "2025-03-01", "4", "de", "77", "10.0.0.2", *answers, "321.5"])
    return _csv(rows, mark=";")


def wenjuanxing(study, encoding="utf-8-sig"):
    """Numbered Chinese headings with the platform's name piped in, text answers, seconds with 秒."""
    labels = study.scale("agree7").labels["zh-CN"]
    items = list(study.items.values())
    asked = [item.wording["zh-CN"].replace("{platform}", "淘宝") for item in items]
    head = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]
    rows = [[*head, *(f"{k}、{text}" for k, text in enumerate(asked, 1)), "总分"]]
    for k in range(3):
        answers = [
            labels[(k + place) % 7] if study.scale(item.scale).points == 7 else "1"
            for place, item in enumerate(items)
        ]
        answers[1] = "(跳过)" if k == 2 else answers[1]
        rows.append(
            [str(k + 1), "2025/3/1 9:00:00", f"{200 + k}秒", "微信", "N/A", "10.0.0.3(北京)", *answers, "0"]
        )
    return _csv(rows, encoding)


def spss(path, columns, labels=None, wording=None, missing=None):
    """A .sav file of these columns, its bytes."""
    import pyreadstat

    frame = pd.DataFrame({name: [None if v is None else float(v) for v in c] for name, c in columns.items()})
    labelled = dict.fromkeys(frame, labels) if labels else {}
    ranges = dict.fromkeys(frame, missing) if missing else None
    pyreadstat.write_sav(
        frame, str(path), column_labels=wording, variable_value_labels=labelled, missing_ranges=ranges
    )
    return path.read_bytes()


def given(as_text=str):
    """The respondents' answers, a line each."""
    return [["" if v[k] is None else as_text(v[k]) for v in GIVEN.values()] for k in range(3)]


def labelled(language="en", mark="{label}"):
    """The same in words; ``mark`` may have ``{n}`` and ``{label}``."""
    return given(lambda n: mark.format(n=n, label=_label(n, language)))


def table(lines, header=None, encoding="utf-8", mark=","):
    """Separated text with the study's codes as header."""
    return _csv([list(header or GIVEN), *lines], encoding, mark)


def workbook(sheets, change=None):
    """An .xlsx file of ``{name: lines}``; ``change`` is called with the last sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    if change is not None:
        change(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def archive(**members):
    """A .zip file; ``__`` in a name is its point."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def old_workbook(locked):
    """The first bytes of a compound file: an .xls, or an .xlsx locked with a password."""
    entry = "EncryptedPackage" if locked else "Workbook"
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + entry.encode("utf-16-le")
