"""Asks the installed original, for the agreement of core/line: JSON questions on stdin, JSON answers on stdout.

argv[1] is the folder that holds its package. python3-systemd is replaced by a stand-in: only the rendering of entries is asked for.
"""
import base64
import datetime
import json
import logging
import sys
import types
import uuid

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True

journal = types.ModuleType("systemd.journal")
journal.__version__ = "235"
journal.Reader = type("Reader", (), {"__init__": lambda self, **options: None})
systemd = types.ModuleType("systemd")
systemd.journal = journal
sys.modules.update({"systemd": systemd, "systemd.journal": journal})

from fail2ban.server.filter import Filter, FileContainer  # noqa: E402
from fail2ban.server.filtersystemd import FilterSystemd  # noqa: E402

said = []


class Ear(logging.Handler):
    def emit(self, record):
        said.append([record.levelname, record.getMessage()])


logging.getLogger("fail2ban.filter").addHandler(Ear())
logging.getLogger("fail2ban.filter").setLevel(1)
logging.getLogger("fail2ban.filter").propagate = False


class Jail:
    name = "j"
    database = None


reader = FilterSystemd.__new__(FilterSystemd)
Filter.__init__(reader, Jail())


def decode(question):
    del said[:]
    text = FileContainer.decode_line(question["file"], question["encoding"], base64.b64decode(question["raw"]))
    return {"text": text.rstrip("\r\n"), "said": list(said)}


def render(question):
    fields = {}
    for name, value in question["fields"].items():
        fields[name] = base64.b64decode(value["bytes"]) if isinstance(value, dict) else value
    at = datetime.datetime.fromtimestamp(0) + datetime.timedelta(microseconds=question["micros"])
    fields["__REALTIME_TIMESTAMP"] = at
    fields["__MONOTONIC_TIMESTAMP"] = (datetime.timedelta(microseconds=question["monotonic"]), uuid.uuid4())
    (before, stamp, text), seconds = reader.formatJournalEntry(fields)
    return {"before": before, "stamp": stamp, "text": text, "at": seconds}


ASK = {"decode": decode, "render": render}
print(json.dumps([ASK[question["ask"]](question) for question in json.load(sys.stdin)]))
