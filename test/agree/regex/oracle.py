# Answers what the original's fail2ban-regex prints: one process with its modules loaded, which forks for each question.
# A question is a line of JSON, {"args": […], "now": epoch seconds}; so is the answer, {"code", "out", "err"}.
import json, os, sys, tempfile, time
from fail2ban.client import filterreader
from fail2ban.client.fail2banregex import exec_command_line
from fail2ban.server import filter
from fail2ban.server.mytime import MyTime

def answer(question):
	out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
	child = os.fork()
	if child == 0:
		code = 1
		try:
			os.dup2(out.fileno(), 1)
			os.dup2(err.fileno(), 2)
			MyTime.setTime(float(question["now"]))
			localtime = time.localtime
			time.localtime = lambda at=None: localtime(question["now"] if at is None else at)
			time.time = lambda: float(question["now"])
			sys.argv = ["fail2ban-regex"] + question["args"]
			exec_command_line()
			code = 0
		except SystemExit as end:
			code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
		except BaseException as cause:
			print(repr(cause), file=sys.stderr)
		sys.stdout.flush()
		sys.stderr.flush()
		os._exit(code & 255)
	status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
	texts = []
	for file in (out, err):
		file.seek(0)
		texts.append(file.read().decode("utf-8", "replace"))
		file.close()
	return {"code": status, "out": texts[0], "err": texts[1]}

for line in sys.stdin:
	print(json.dumps(answer(json.loads(line))), flush=True)
