/**
 * How long the kernel may remember a ban: ours, and a minute more as a safety net against a daemon that died. In nft's and ipset's
 * own notation, whose limits bans exceed (`nft` refuses nine digits of seconds, `ipset` takes no more than 2,147,483).
 */
import { type Ban, endOf, type Instant, type Span } from "../../base/index.ts";

/** The kernel must not be faster than we are: we unban up to some seconds late. */
export const KERNEL_GRACE: Span = 60;

export const IPSET_TIMEOUT_MAX: Span = 2_147_483;

/** Beyond about a thousand centuries nft's arithmetic ends; such a ban is as good as permanent. */
const NFT_TIMEOUT_MAX: Span = 3_155_760_000_000;

/** @returns whole seconds from now until the kernel may forget; null: never. */
export function kernelSpan(ban: Ban, now: Instant): Span | null {
  const end = endOf(ban);
  return end === Infinity ? null : Math.max(1, Math.ceil(end - now)) + KERNEL_GRACE;
}

/** `timeout 20d3h4m5s`; empty for a ban without end. */
export function nftTimeout(ban: Ban, now: Instant): string {
  const span = kernelSpan(ban, now);
  return span === null || span > NFT_TIMEOUT_MAX ? "" : `timeout ${units(span)}`;
}

/** Seconds; 0 for a ban without end. A longer one than ipset takes is cut: it is ordered again in time (`actionkernel_max`). */
export function ipsetTimeout(ban: Ban, now: Instant): string {
  const span = kernelSpan(ban, now);
  return span === null ? "0" : String(Math.min(span, IPSET_TIMEOUT_MAX));
}

function units(span: Span): string {
  const parts: [number, string][] = [
    [Math.floor(span / 86_400), "d"],
    [Math.floor(span / 3600) % 24, "h"],
    [Math.floor(span / 60) % 60, "m"],
    [span % 60, "s"],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join("");
}
