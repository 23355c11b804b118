/** The door of `datagram`: words to the system's own sockets (`/dev/log`, the journal, systemd's notify socket). */
export { openDatagrams, type Datagrams } from "./datagram.ts";
