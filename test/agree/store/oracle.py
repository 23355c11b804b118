"""The original's database and Python's arithmetic, driven by the tests of this folder: one JSON request on standard input,
one JSON answer on standard output."""
import json, logging, math, random, sys

request = json.load(sys.stdin)
logging.disable(logging.CRITICAL)


class Jail:
    """As much of a jail as the database asks for."""

    def __init__(self, name):
        self.name = name
        self.actions = self.filter = self

    def getBanTime(self):
        return 600

    def getMaxBanTime(self):
        return -1

    def getMaxMatches(self):
        return 10


def database(path):
    from fail2ban.server.database import Fail2BanDb

    return Fail2BanDb(path)


def evaluate(text, names):
    """What Python makes of a formula: an int in full, a float, or the error's name."""

    class ban:
        Time, Count = names["time"], names["count"]

    try:
        value = eval(compile(text, "formula", "eval"), {"ban": ban, "banFactor": names["factor"], "math": math, "random": random})
    except Exception as error:
        return {"error": type(error).__name__}
    if isinstance(value, bool):
        return {"bool": value}
    if isinstance(value, int):
        return {"int": str(value)}
    return {"float": repr(value)} if isinstance(value, float) else {"error": "TypeError"}


def write():
    from fail2ban.server.ticket import BanTicket

    db = database(request["path"])
    for row in request["bans"]:
        jail = Jail(row["jail"])
        db.addJail(jail)
        lines = [tuple(m) if isinstance(m, list) else m for m in row["matches"]]
        data = dict({"matches": lines, "failures": row["failures"]}, **row["fields"])
        ticket = BanTicket(row["key"], row["since"], lines, data)
        ticket.setBanTime(row["lasts"])
        ticket.setBanCount(row["count"])
        db.addBan(jail, ticket)
    db.close()
    return None


def read():
    db = database(request["path"])
    bans = []
    for name in request["jails"]:
        jail = Jail(name)
        for t in db.getCurrentBans(jail=jail, forbantime=-1, fromtime=request["now"], correctBanTime=False):
            bans.append([name, t.getID(), t.getTime(), t.getBanTime(), t.getBanCount(), t.getData()])
    counts = [[list(row) for row in db.getBan(key, overalljails=True)] for key in request["keys"]]
    merged = []
    for key in request["keys"]:
        ticket = db.getBansMerged(key)
        merged.append(None if ticket is None else [ticket.getAttempt(), ticket.getData()["matches"]])
    db.close()
    return {"bans": bans, "counts": counts, "merged": merged}


if request["do"] == "eval":
    answer = [evaluate(text, request["names"]) for text in request["texts"]]
else:
    answer = {"write": write, "read": read}[request["do"]]()
json.dump(answer, sys.stdout)
