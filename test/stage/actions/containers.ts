/**
 * Containers for the tests of actions: behind a scene's namespace stands a web server whose port 80 is published as port 8080, as
 * Docker does it (by DNAT, in a chain order of its own), and before it a client with several addresses.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Scene } from "./scene.ts";

export interface Containers {
  /** Opens a connection from this address of the client's to the published port. @returns open, refused or timeout */
  probe(from: string): string;
  close(): void;
}

/** Where the client is and what it reaches: the scene's own addresses, whose port 8080 is the container's port 80. */
const ROUTER = { v4: "10.77.1.1", v6: "fd77:1::1" };

const CONNECTOR = fileURLToPath(new URL("../connect.ts", import.meta.url));

const SERVER = 'require("net").createServer((s) => s.end()).listen(80, "::", () => console.log("ready"))';

const CLIENTS = ["10.77.1.2/24", "10.77.1.3/24", "fd77:1::2/64", "fd77:1::3/64"];

let count = 0;

/** @param iptables like "iptables" or "iptables-legacy"; the word "ip6tables" is made of it */
export async function openContainers(scene: Scene, iptables = "iptables"): Promise<Containers> {
  count += 1;
  const [client, container] = [`f2bcl-${process.pid}-${count}`, `f2bco-${process.pid}-${count}`];
  for (const name of [client, container]) spawnSync("ip", ["netns", "add", name]);
  const run = (script: string): void => {
    const said = scene.sh(script);
    if (said !== "") throw new Error(`${script}\n${said}`);
  };
  run(`set -e
    ip link set lo up
    ip link add c0 type veth peer name eth0 netns ${client}
    ip link add d0 type veth peer name eth0 netns ${container}
    ip addr add ${ROUTER.v4}/24 dev c0; ip addr add ${ROUTER.v6}/64 dev c0 nodad; ip link set c0 up
    ip addr add 10.77.2.1/24 dev d0; ip addr add fd77:2::1/64 dev d0 nodad; ip link set d0 up
    echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding`);
  inside(client, [
    ...CLIENTS.map((address) => `ip addr add ${address} dev eth0${address.includes(":") ? " nodad" : ""}`),
    "ip link set eth0 up",
  ]);
  inside(container, [
    "ip link set lo up; ip addr add 10.77.2.2/24 dev eth0; ip addr add fd77:2::2/64 dev eth0 nodad; ip link set eth0 up",
    "ip route add default via 10.77.2.1; ip -6 route add default via fd77:2::1",
  ]);
  for (const [tool, to] of [
    [iptables, "10.77.2.2:80"],
    [iptables.replace("iptables", "ip6tables"), "[fd77:2::2]:80"],
  ])
    run(`${tool} -t nat -A PREROUTING -i c0 -p tcp --dport 8080 -j DNAT --to-destination ${to}`);
  const server = await startServer(container);
  return {
    probe(from) {
      const to = from.includes(":") ? ROUTER.v6 : ROUTER.v4;
      const words = ["netns", "exec", client, process.execPath, CONNECTOR, from, to, "8080"];
      return spawnSync("ip", words, { encoding: "utf8" }).stdout.trim();
    },
    close() {
      server.kill("SIGKILL");
      for (const name of [client, container]) spawnSync("ip", ["netns", "del", name]);
    },
  };
}

function inside(namespace: string, lines: readonly string[]): void {
  const ran = spawnSync("ip", ["netns", "exec", namespace, "sh", "-ec", lines.join("\n")], { encoding: "utf8" });
  if (ran.status !== 0) throw new Error(ran.stderr);
}

function startServer(namespace: string): Promise<ChildProcess> {
  const server = spawn("ip", ["netns", "exec", namespace, process.execPath, "-e", SERVER], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    server.stdout.once("data", () => resolve(server));
    server.once("exit", () => reject(new Error("the web server has ended")));
  });
}
