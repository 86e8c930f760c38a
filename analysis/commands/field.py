"""``synergy field``: a study's field time, personal links, quotas and waves."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.commands import field_invite
from analysis.commands.serve import DEFAULT_DB

if TYPE_CHECKING:
    from questionnaire.storage import Storage
    from questionnaire.study import Study

HELP = "open or close a study, invite to it, set quotas, see how it stands"
ACCESS = ("link", "invitation", "both")


def add(parser: argparse.ArgumentParser) -> None:
    """Add one subcommand an act."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    opening = _act(acts, "open", "take respondents; stores the plan's hash the first time")
    opening.add_argument("--access", choices=ACCESS, help="who may begin; default both")
    opening.add_argument("--stop-at", metavar="DATE", help="last day (UTC) or time for newcomers")
    opening.add_argument("--stop-n", metavar="N", type=int, help="newcomers end when so many have finished")
    opening.add_argument("--full-redirect", metavar="URL", help="where those go for whom no place is left")
    closing = _act(acts, "close", "take no newcomers any more")
    closing.add_argument("--now", action="store_true", help="stop those under way too")
    _act(acts, "status", "field time, quotas and invitations")
    inviting = _act(acts, "invite", "make personal links; the file is the only place they stand in clear")
    inviting.add_argument("--count", metavar="N", type=int, help="how many; not with --after")
    inviting.add_argument("--wave", default="", help="the wave they lead to")
    inviting.add_argument("--after", metavar="WAVE", help="one for each who finished WAVE and allowed it")
    inviting.add_argument("--batch", default="", help="a name for this batch; default the time")
    inviting.add_argument("--root", default="http://localhost:8501", help="the server's public address")
    inviting.add_argument("--to", metavar="FILE", type=Path, required=True, help=".csv")
    inviting.add_argument("--contacts", metavar="FILE", type=Path, help="one link for each row of a CSV file")
    inviting.add_argument("--with-contacts", action="store_true", help="with --after: add contact data")
    remind = _act(acts, "remind", "list the invitations that were not used or not finished")
    remind.add_argument("--with-contacts", action="store_true", help="add contact data")
    remind.add_argument("--to", metavar="FILE", type=Path, required=True, help=".csv")
    _act(acts, "rekey", "seal all contact data with the first key in SYNERGY_KEY")
    panel = _act(acts, "panel", "list a panel's ids with how each of its members ended")
    panel.add_argument("--to", metavar="FILE", type=Path, required=True, help=".csv")
    quota = _act(acts, "quota", "set a quota cell, or remove it with --target 0")
    quota.add_argument("--cell", metavar="NAME")
    quota.add_argument("--target", metavar="N", type=int)
    quota.add_argument("--from-file", action="store_true", help="make all cells those of the study file")
    quota.add_argument(
        "--where", default="", help="question=option|option & question=option; empty: everyone"
    )
    quota.add_argument("--wave", default="")


def _act(
    acts: argparse._SubParsersAction[argparse.ArgumentParser], name: str, what: str
) -> argparse.ArgumentParser:
    parser = acts.add_parser(name, help=what, description=what)
    parser.add_argument("study", metavar="STUDY", type=Path)
    parser.add_argument(
        "--db", metavar="URL", default=os.environ.get("SYNERGY_DB", DEFAULT_DB), help=DEFAULT_DB
    )
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Do the act and say how the study stands."""
    from analysis.commands.errors import UnusableInputError
    from questionnaire.admission.invitations import InvitationError
    from questionnaire.admission.quota import QuotaError
    from questionnaire.admission.window import WindowError
    from questionnaire.fielding.contacts import ContactError
    from questionnaire.loading import load_study
    from questionnaire.service import Fielding
    from questionnaire.storage import connect
    from questionnaire.storage.field import NumbersTakenError

    study = load_study(arguments.study)
    storage = connect(arguments.db)
    try:
        Fielding(study, arguments.study.read_text(encoding="utf-8-sig"), storage)
        _ACTS[arguments.act](storage, study, arguments)
    except (ContactError, InvitationError, QuotaError, WindowError, NumbersTakenError) as error:
        raise UnusableInputError(str(error)) from error
    finally:
        storage.close()
    return 0


def _open(storage: Storage, study: Study, arguments: argparse.Namespace) -> None:
    from questionnaire.admission.window import Access, moment
    from questionnaire.fielding.desk import open_study
    from questionnaire.service import utc_now

    settings: dict[str, object] = {}
    if arguments.access:
        settings["access"] = Access(arguments.access)
    if arguments.stop_at is not None:
        settings["stop_at"] = moment(arguments.stop_at)
    for name in ("stop_n", "full_redirect"):
        if getattr(arguments, name) is not None:
            settings[name] = getattr(arguments, name)
    open_study(storage, study, utc_now(), **settings)
    _status(storage, study, arguments)


def _close(storage: Storage, study: Study, arguments: argparse.Namespace) -> None:
    from questionnaire.fielding.desk import close_study
    from questionnaire.service import utc_now

    close_study(storage, study, utc_now(), lets_finish=not arguments.now)
    _status(storage, study, arguments)


def _status(storage: Storage, study: Study, _: argparse.Namespace) -> None:
    from collections import Counter

    from questionnaire.admission.quota import hold_cutoff
    from questionnaire.fielding.desk import plan_at_opening
    from questionnaire.fielding.from_file import departures
    from questionnaire.service import utc_now

    window = storage.field.window(study.content_hash)
    if window is None:
        print(f"{study.code}: this version was never opened")
    else:
        until = f"closed {window.closed_at}" if window.closed_at else "open"
        print(f"{study.code}: {until}, first opened {window.opened_at}, access: {window.access}")
        same = "the" if plan_at_opening(storage, study.code) == study.plan_hash else "NOT the"
        print(f"the plan is {same} one stored when the study was first opened")
        stops = [f"on {window.stop_at}"] if window.stop_at else []
        stops += [f"when {window.stop_n} have finished"] if window.stop_n else []
        if stops and not window.closed_at:
            print(f"newcomers end {' or '.join(stops)}")
    for departure in departures(study, window, storage.field.cells(study.code)):
        print(f"otherwise than in the study file: {departure}")
    for fill in storage.field.fill(study.code, hold_cutoff(utc_now())):
        print(f"quota {fill.cell.name}: {fill.finished} finished, {fill.held} held, {fill.left} left")
    states = Counter(one.status or "unused" for one in storage.field.invitations(study.code))
    if states:
        print("invitations: " + ", ".join(f"{n} {name}" for name, n in sorted(states.items())))


def _quota(storage: Storage, study: Study, arguments: argparse.Namespace) -> None:
    from analysis.commands.errors import UnusableInputError
    from questionnaire.admission.quota import check_cell, read_where
    from questionnaire.fielding.from_file import as_in_file
    from questionnaire.recruitment import Cell

    named = arguments.cell is not None and arguments.target is not None
    if named == arguments.from_file or (arguments.from_file and arguments.cell is not None):
        raise UnusableInputError("say either --cell NAME --target N or --from-file")
    if arguments.from_file:
        as_in_file(storage, study)
    elif arguments.target == 0:
        storage.field.drop_cell(study.code, arguments.cell)
    else:
        cell = Cell(arguments.cell, arguments.target, read_where(arguments.where), arguments.wave)
        check_cell(study, cell)
        storage.field.put_cell(study.code, cell)
    _status(storage, study, arguments)


_ACTS = {
    "open": _open,
    "close": _close,
    "status": _status,
    "invite": field_invite.invite_to,
    "remind": field_invite.remind,
    "panel": field_invite.panel_ids,
    "rekey": field_invite.rekey,
    "quota": _quota,
}
