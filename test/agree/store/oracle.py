"""The original's database and Python's arithmetic, driven by the tests of this folder: one JSON request on standard input,
one JSON answer on standard output."""
import json, logging, math, random, sys

request = json.load(sys.stdin)
logging.disable(logging.CRITICAL)
sys.set_int_max_str_digits(0)


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
            bans.append([name, str(t.getID()), t.getTime(), t.getBanTime(), t.getBanCount(), t.getData()])
    counts = [[list(row) for row in db.getBan(key, overalljails=True)] for key in request["keys"]]
    merged = []
    for key in request["keys"]:
        ticket = db.getBansMerged(key)
        merged.append(None if ticket is None else [ticket.getAttempt(), ticket.getData()["matches"]])
    db.close()
    return {"bans": bans, "counts": counts, "merged": merged}


def count():
    """Each run: settings and steps (add, add again as the observer does, take out, purge) → what is left to see."""
    from fail2ban.server.failmanager import FailManager, FailManagerEmpty
    from fail2ban.server.ticket import FailTicket

    def play(run):
        manager = FailManager()
        manager.setMaxRetry(10**6)
        manager.setMaxTime(run["findtime"])
        manager.maxMatches = run["maxmatches"]
        seen, last = [], None
        for step in run["steps"]:
            if step["do"] == "add":
                data = {"user": step["user"]}
                if step["attempts"]:
                    data["failures"] = step["attempts"]
                lines = [tuple(step["line"])]
                last = FailTicket(step["key"], step["at"], lines, dict(data, matches=lines))
                seen.append(manager.addFailure(last, step["count"]))
            elif step["do"] == "again":
                seen.append(manager.addFailure(last, step["count"], True) if last is not None else 0)
            elif step["do"] == "purge":
                manager.cleanup(step["at"])
                seen.append(manager.size())
            else:
                manager.setMaxRetry(0)
                try:
                    held = manager.toBan(step["key"]) if step["key"] in known(manager) else None
                except FailManagerEmpty:
                    held = None
                seen.append(held and [held.getTime(), held.getAttempt(), held.getData().get("matches", []), held.getData()["user"]])
        return seen + [manager.getFailTotal()]

    def known(manager):
        return {str(key) for key in manager._FailManager__failList}

    return [play(run) for run in request["runs"]]


def sentence():
    """Each case: options of a jail and an offender's earlier bans → the ban that the observer makes of his next one."""
    from fail2ban.server.jail import Jail as RealJail
    from fail2ban.server.mytime import MyTime
    from fail2ban.server.observer import ObserverThread
    from fail2ban.server.ticket import BanTicket

    class Heard(logging.Handler):
        def emit(self, record):
            texts.append(record.getMessage())

    def judge(case):
        db = database(":memory:")
        jail = RealJail("j", "polling", db)
        jail.isAlive = lambda: True
        db.addJail(jail)
        if case["earlier"]:
            last = BanTicket("192.0.2.1", case["last"], [])
            last.setBanTime(600)
            last.setBanCount(case["earlier"])
            db.addBan(jail, last)
        jail.actions.setBanTime(str(case["bantime"]))
        for option, value in case["options"].items():
            jail.setBanTimeExtra(option, value)
        ticket = BanTicket("192.0.2.1", request["now"], [])
        ticket.incrBanCount()
        del texts[:]
        observer = ObserverThread()
        observer.add_timer = lambda *rest: None
        observer.banFound(ticket, jail, jail.actions.getBanTime())
        said = list(texts)
        stored = [list(one) for one in db.getBan("192.0.2.1", jail)]
        db.close()
        return [ticket.getBanTime(jail.actions.getBanTime()), ticket.getBanCount(), said, stored]

    texts = []
    random.random = lambda: 0.5
    MyTime.setTime(request["now"])
    logging.disable(logging.DEBUG)
    log = logging.getLogger("fail2ban.observer")
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(Heard())
    logging.getLogger("fail2ban").setLevel(logging.CRITICAL)
    return [judge(case) for case in request["cases"]]


if request["do"] == "eval":
    answer = [evaluate(text, request["names"]) for text in request["texts"]]
else:
    answer = {"write": write, "read": read, "count": count, "sentence": sentence}[request["do"]]()
json.dump(answer, sys.stdout)
