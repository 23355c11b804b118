"""Answers questions about configurations with the original's own programs, one JSON line each, until its input ends.

A question is {"args": [...]}: the words after `fail2ban-client`. The answer has what it printed, what it logged and its exit.
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


for question in sys.stdin:
    answer = ask(json.loads(question)["args"])
    real_out.write(json.dumps(answer) + "\n")
    real_out.flush()
