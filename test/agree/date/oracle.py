"""Drives the original's date detector for detector.test.ts.

Reads one JSON object: {"format": [index, text], "runs": [{"pattern": text|null, "timezone": text|null, "steps": [[now, line], ...]}]}
and writes one: {"year": n, "runs": [{"refused": text} | {"steps": [...], "order": [[name, hits, weight], ...]}]}.
A step is null (no template), or [name, start, end, seconds | "invalid" | "error: ..."].

`format` replaces a default format that only later versions have in the form that is compared with.
"""
import datetime
import json
import sys

from fail2ban.server import datedetector
from fail2ban.server.mytime import MyTime

moment = [0.0]


class Clock:
    @staticmethod
    def time():
        return moment[0]


# "Last used" is real time: it has to follow the steps.
datedetector.time = Clock


def read(detector, now, line):
    moment[0] = now
    MyTime.setTime(now)
    try:
        match, template = detector.matchTime(line)
    except Exception as error:  # refused by the expression compiler, which the original asks as late as here
        return ["", 0, 0, "error: %s" % type(error).__name__]
    if match is None:
        return None
    start, end = match.span(1)
    try:
        got = detector.getTime(line, (match, template))
        value = "invalid" if got is None else got[0]
    except Exception as error:
        value = "error: %s" % type(error).__name__
    return [template.name, start, end, value]


def run(task):
    detector = datedetector.DateDetector()
    try:
        detector.default_tz = task["timezone"]
        for pattern in (task["pattern"] or "").split("\n"):
            if pattern.strip():
                detector.appendTemplate(pattern.strip())
    except Exception as error:
        return {"refused": str(error)}
    # Each run begins without the hits that templates share in one process.
    for template in datedetector.DateDetector._defCache.templates + [entry.template for entry in detector.templates]:
        template.hits = 0
    steps = [read(detector, now, line) for now, line in task["steps"]]
    order = [[entry.name, entry.hits, entry.weight] for entry in detector.templates]
    return {"steps": steps, "order": order}


task = json.load(sys.stdin)
index, text = task["format"]
datedetector.DateDetectorCache.DEFAULT_TEMPLATES[index] = text
json.dump({"year": datetime.datetime.now().year, "runs": [run(each) for each in task["runs"]]}, sys.stdout)
