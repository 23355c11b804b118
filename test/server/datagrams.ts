/** A socket that takes datagrams, as systemd's and syslog's do: Node has none, so Python holds it. */
import { spawn } from "node:child_process";
import { type TestContext } from "node:test";
import { until } from "./program.ts";

const HOLD = `
import json, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("null", flush=True)
while True:
    print(json.dumps(s.recv(65536).decode("utf-8", "replace")), flush=True)
`;

/** @returns what has come so far, a text each; when it resolves, the socket is there. */
export async function takeDatagrams(t: TestContext, path: string): Promise<() => readonly string[]> {
  const child = spawn("python3", ["-c", HOLD, path], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill());
  let printed = "";
  child.stdout.on("data", (bytes: Buffer) => (printed += bytes.toString()));
  await until(() => printed.startsWith("null\n"));
  return () =>
    printed
      .split("\n")
      .slice(1, -1)
      .map((line): string => JSON.parse(line) as string);
}
