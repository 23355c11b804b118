"""Python's own pickle, to check ours against. Reads one JSON object a line:

{"make": seed}   -> {"repr": ..., "pickles": [hex by protocol 0 to 5]} of a random value
{"load": hex}    -> {"repr": ...} of what the pickle holds
"""
import json
import pickle
import random
import sys

WORDS = ["set", "sshd", "", "é€𝄞", "<F2B_END_COMMAND>", "a'b", 'a"b', "a\nb\\", "\x00\x7f\x80\xff\u2028", "x" * 300]


def value(chance, depth):
    kind = chance.randrange(12 if depth < 4 else 8)
    if kind < 3:
        return chance.choice(WORDS)
    if kind < 5:
        return chance.choice([0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**52, -(2**40), 128, -128])
    if kind < 7:
        return chance.choice([None, True, False, 0.0, 1.5, -2.5e-7, 1e300, 2629800.0])
    if kind == 7:
        return chance.randrange(-(10**9), 10**9)
    items = [value(chance, depth + 1) for _ in range(chance.randrange(6))]
    if kind == 8:
        return tuple(items)
    if kind == 9:
        return {chance.choice(WORDS): item for item in items}
    return items * chance.choice([1, 1, 1, 2])


for line in sys.stdin:
    job = json.loads(line)
    if "make" in job:
        made = value(random.Random(job["make"]), 0)
        answer = {"repr": repr(made), "pickles": [pickle.dumps(made, protocol).hex() for protocol in range(6)]}
    else:
        answer = {"repr": repr(pickle.loads(bytes.fromhex(job["load"])))}
    print(json.dumps(answer), flush=True)
