# Drives fail2ban's own action object through scenarios read from standard input (JSON), for sequence.test.ts.
# Its commands append to a file; the file's name stands in the property "out".
import json
import logging
import sys

from fail2ban.server.action import CommandAction
from fail2ban.server.jail import Jail

logging.disable(logging.CRITICAL)


def run(scenario):
    action = CommandAction(Jail("j", "polling"), "a")
    for key, value in scenario["properties"].items():
        setattr(action, key, value)
    results = []
    for step in scenario["steps"]:
        try:
            verb = step["do"]
            if verb == "sh":
                CommandAction.executeCmd(step["script"])
            elif verb in ("start", "stop", "flush", "consistencyCheck"):
                getattr(action, verb)()
            elif verb == "reload":
                action.reload()
            elif verb == "prolong" and not action._prolongable:
                pass  # its caller asks first
            else:
                getattr(action, verb)(dict(step["info"]))
            results.append(True)
        except Exception:
            results.append(False)
    return results


print(json.dumps([run(scenario) for scenario in json.load(sys.stdin)]))
