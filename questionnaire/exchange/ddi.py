"""The codebook as a DDI Codebook 2.5 document, which archives and catalogues read."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as Xml

from questionnaire.exchange.codebook import Variable, codebook
from questionnaire.piping import say
from questionnaire.study import Study

NAMESPACE = "ddi:codebook:2_5"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
INTERVALS = {"nominal": "discrete", "ordinal": "discrete", "scale": "contin"}


def write_ddi(study: Study, path: Path, language: str, cases: int, head: str) -> None:
    """Write the document (DDI Alliance, Codebook 2.5): study description, file description, variables.

    ``head`` is that of the log of finished answers; see :mod:`questionnaire.ledger`.
    """
    Xml.register_namespace("", NAMESPACE)
    root = Xml.Element(_tag("codeBook"), {"version": "2.5", LANGUAGE: language})
    described = _under(root, "stdyDscr")
    citation = _under(described, "citation")
    title = _under(citation, "titlStmt")
    _text(title, "titl", say(study.title, language, study.languages[0]))
    _text(title, "IDNo", study.content_hash)
    _text(_under(citation, "verStmt"), "version", study.version)
    _text(described, "notes", f"SHA-256 head of the log of finished answers: {head}")
    size = _under(root, "fileDscr", "fileTxt", "dimensns")
    variables = codebook(study, language)
    _text(size, "caseQnty", str(cases))
    _text(size, "varQnty", str(len(variables)))
    data = _under(root, "dataDscr")
    for variable in variables:
        _variable(data, variable)
    tree = Xml.ElementTree(root)
    Xml.indent(tree)
    tree.write(path, encoding="utf-8", xml_declaration=True)


def _variable(data: Xml.Element, variable: Variable) -> None:
    interval = INTERVALS[variable.measure]
    element = Xml.SubElement(
        data,
        _tag("var"),
        {"ID": f"V_{variable.name}", "name": variable.name, "intrvl": interval, "nature": _nature(variable)},
    )
    _text(element, "labl", variable.label)
    _text(_under(element, "qstn"), "qstnLit", variable.label)
    codes = dict(variable.codes)
    for number, label in variable.values:
        missing = {"missing": "Y"} if number in variable.missing else {}
        category = Xml.SubElement(element, _tag("catgry"), missing)
        _text(category, "catValu", codes.get(number, str(number)))
        _text(category, "labl", label)
    if variable.source:
        _text(element, "notes", variable.source)


def _nature(variable: Variable) -> str:
    return "interval" if variable.measure == "scale" else variable.measure


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _under(parent: Xml.Element, *names: str) -> Xml.Element:
    for name in names:
        parent = Xml.SubElement(parent, _tag(name))
    return parent


def _text(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, _tag(name)).text = text
