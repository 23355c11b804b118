"""Runs Debian's fail2ban-client many times without starting Python each time: one process loads it, each command line runs in a fork.

Reads one JSON object a line ({"args": [...], "stdin": "..."}), answers each with one ({"code", "stdout", "stderr"}).
Argument: the folder into which Debian's package was unpacked.
"""
import json
import os
import sys
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1] + "/usr/lib/python3/dist-packages")
from fail2ban.client import fail2banclient  # noqa: E402


def child(argv, stdin, out, err):
    reader, writer = os.pipe()
    os.write(writer, stdin.encode())
    os.close(writer)
    for number, pipe in enumerate((reader, out, err)):
        os.dup2(pipe, number)
    os.closerange(3, 256)
    code = 1
    try:
        fail2banclient.exec_command_line(argv)
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 0 if leaving.code is None else 1
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except ValueError:  # it has been closed already
                pass
        os._exit(code & 255)


def once(argv, stdin):
    (out, out_end), (err, err_end) = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        child(argv, stdin, out_end, err_end)
    os.close(out_end)
    os.close(err_end)
    answer = {}

    def drain(pipe, key):
        with os.fdopen(pipe, "rb") as stream:
            answer[key] = stream.read().decode("utf-8", "replace")

    other = threading.Thread(target=drain, args=(err, "stderr"))
    other.start()
    drain(out, "stdout")
    other.join()
    answer["code"] = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return answer


for line in sys.stdin:
    job = json.loads(line)
    print(json.dumps(once(["/usr/bin/fail2ban-client"] + job["args"], job.get("stdin", ""))), flush=True)
