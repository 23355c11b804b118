/** The door of `quirks`: what is done only because fail2ban does it, one file each. */
export * from "./half-even.ts";
export { isSentLikeDatepattern } from "./datepattern-substring.ts";
