/**
 * @quirk datepattern-substring
 * fail2ban: client/filterreader.py. An argument of a filter whose name is a part of the word "datepattern" (`a`, `e`, `date`, `pattern`, …) is sent as
 * if it were an option of the jail, and the server refuses it.
 * Kept: `-d` prints these commands, and such a configuration does not start there. Without it the two streams differ.
 */
export function isSentLikeDatepattern(argument: string): boolean {
  return "datepattern".includes(argument);
}
