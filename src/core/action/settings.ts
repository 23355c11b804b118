/** One action of one jail, as configured: its commands and its parameters (engine.md §6.1). */
export interface ActionSettings {
  /** Unique within the jail: the action's file, or its `actname`. */
  readonly name: string;
  /** Null for a command action; else the file of the Python module that is asked for (`…/smtp.py`). */
  readonly module: string | null;
  /**
   * Everything that was set, in order: `actionban`, `actionstart_on_demand`, `port`, `chain`, `addr_set?family=inet6` … Values of commands are
   * fully substituted but for run-time tags; parameters are raw. Booleans stand as "1" and "".
   */
  readonly properties: ReadonlyMap<string, string>;
}
