"""Answers questions with the original's own programs, one JSON line each, until its input ends.

{"args": [...]}: the words after `fail2ban-client`; the answer has what it printed, what it logged and whether it ended well.
{"commands": [[...], ...]}: commands for a server that lives for this question; one outcome each.
One process serves a whole test file: starting Python for each case costs sixty times the reading itself.
"""
import io, json, logging, sys

from fail2ban.client.fail2bancmdline import Fail2banCmdLine, ServerExecutionException

real_out = sys.stdout
logger = logging.getLogger("fail2ban")


def ask(args):
    out, err = io.StringIO(), io.StringIO()
    sys.stdout, sys.stderr = out, err
    problem = None
    try:
        line = Fail2banCmdLine()
        ret = line.initCmdLine(["fail2ban-client"] + args)
    except ServerExecutionException as e:
        ret, problem = False, str(e)
    except Exception as e:  # what the program itself would die of
        ret, problem = False, "%s: %s" % (type(e).__name__, e)
    finally:
        sys.stdout, sys.stderr = real_out, sys.__stderr__
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
    return {"out": out.getvalue(), "log": err.getvalue(), "ok": bool(ret) or ret is None, "problem": problem}


def serve(commands):
    from fail2ban.server.server import Server
    logger.setLevel(logging.CRITICAL)
    server = Server(daemon=False)
    outcomes = []
    for command in commands:
        code, value = server._Server__transm.proceed(command)
        if code == 0:
            outcomes.append({"ok": True, "repr": repr(value)})
        else:
            outcomes.append({"ok": False, "kind": type(value).__name__, "message": str(value.args[0] if value.args else "")})
    logger.setLevel(logging.NOTSET)
    return outcomes


for line in sys.stdin:
    question = json.loads(line)
    answer = ask(question["args"]) if "args" in question else serve(question["commands"])
    real_out.write(json.dumps(answer) + "\n")
    real_out.flush()
