/**
 * What the program says it is. Scripts compare the front part, which is the release of fail2ban whose behaviour this is; our own version follows
 * (the same as in package.json).
 */
export const VERSION = "1.1.2+ts0.1.0";
