/**
 * Datagrams to UNIX sockets, which Node itself cannot send.
 *
 * By libc's `sendto` through node:ffi. Where that is not to be had (another architecture, another runtime), nothing is
 * sent, and `works` says so: the caller falls back on commands (`logger`, `systemd-notify`).
 */

export interface Datagrams {
  readonly works: boolean;
  /** @returns whether the kernel took it. A receiver that is slow or gone loses it; nobody waits. */
  send(path: string, bytes: Uint8Array): boolean;
}

const AF_UNIX = 1;
const SOCK_DGRAM_CLOEXEC_NONBLOCK = 2 | 0o2000000 | 0o4000;
const MSG_NOSIGNAL = 0x4000;
/** Size of sun_path; a longer name cannot be a socket's. */
const PATH_MAX = 108;

interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  sendto(fd: number, bytes: Uint8Array, length: bigint, flags: number, to: Uint8Array, toLength: number): bigint;
}

/** Opens the one socket that all datagrams of this process leave by. */
export async function openDatagrams(): Promise<Datagrams> {
  const libc = await loadLibc();
  const fd = libc === null ? -1 : libc.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC_NONBLOCK, 0);
  if (libc === null || fd < 0) return { works: false, send: () => false };
  return {
    works: true,
    send(path, bytes) {
      const to = socketAddress(path);
      return to !== null && libc.sendto(fd, bytes, BigInt(bytes.length), MSG_NOSIGNAL, to, to.length) >= 0n;
    },
  };
}

async function loadLibc(): Promise<Libc | null> {
  try {
    const { dlopen } = await import("node:ffi");
    const { functions } = dlopen("libc.so.6", {
      socket: { arguments: ["i32", "i32", "i32"], return: "i32" },
      sendto: { arguments: ["i32", "buffer", "u64", "i32", "buffer", "u32"], return: "i64" },
    });
    return functions;
  } catch {
    return null;
  }
}

/** struct sockaddr_un; a name that begins with `@` is an abstract one. */
function socketAddress(path: string): Uint8Array | null {
  const name = Buffer.from(path);
  if (name.length >= PATH_MAX || name.length === 0) return null;
  if (name[0] === 0x40) name[0] = 0;
  const address = Buffer.alloc(2 + name.length + (name[0] === 0 ? 0 : 1));
  address.writeUInt16LE(AF_UNIX, 0);
  name.copy(address, 2);
  return address;
}
