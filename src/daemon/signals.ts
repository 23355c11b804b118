/** Signals: TERM and INT end the program, USR1 opens the log anew, HUP reads the configuration again (config-cli.md §7.2; HUP is ours). */
export interface SignalOrders {
  end(): void;
  flush(): void;
  reload(): void;
}

export function listenToSignals(orders: SignalOrders): { close(): void } {
  const heard: readonly (readonly [NodeJS.Signals, () => void])[] = [
    ["SIGTERM", () => orders.end()],
    ["SIGINT", () => orders.end()],
    ["SIGUSR1", () => orders.flush()],
    ["SIGHUP", () => orders.reload()],
  ];
  for (const [signal, act] of heard) process.on(signal, act);
  return {
    close() {
      for (const [signal, act] of heard) process.off(signal, act);
    },
  };
}
