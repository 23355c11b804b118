import assert from "node:assert/strict";
import { test } from "node:test";
import { FOREVER } from "../../base/index.ts";
import { aBan } from "../../../test/agree/actions/rehearsal.ts";
import { ipsetTimeout, nftTimeout } from "./kernel-time.ts";

const WIKI = 7800 * 60 * 2880 * 2;

const CASES: readonly [lasts: number, since: number, nft: string, ipset: string][] = [
  [600, 1000, "timeout 11m", "660"],
  [600.5, 1000, "timeout 11m1s", "661"],
  [600, 500, "timeout 2m40s", "160"],
  [600, 0, "timeout 1m1s", "61"],
  [86_400, 1000, "timeout 1d1m", "86460"],
  [WIKI, 1000, "timeout 31200d1m", "2147483"],
  [FOREVER, 1000, "", "0"],
];
for (const [lasts, since, nft, ipset] of CASES)
  test(`a ban of ${lasts} s since ${since} is kept by the kernel for "${nft}"`, () => {
    assert.equal(nftTimeout(aBan("192.0.2.1", { lasts, since }), 1000), nft);
    assert.equal(ipsetTimeout(aBan("192.0.2.1", { lasts, since }), 1000), ipset);
  });
