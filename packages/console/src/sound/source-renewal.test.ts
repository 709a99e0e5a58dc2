import { expect, it } from "vitest";
import { createSourceRenewal, type RenewedMedia } from "./source-renewal.ts";

function player(paused: boolean) {
  let played = 0;
  // As a browser has it: another address begins anew.
  let at = "/old";
  const media: RenewedMedia = {
    set src(address: string) {
      at = address;
      this.currentTime = 0;
      this.playbackRate = 1;
    },
    get src() {
      return at;
    },
    currentTime: 71,
    playbackRate: 2,
    play: () => {
      played += 1;
      return Promise.resolve();
    },
  };
  return { media, isWanted: () => !paused, played: () => played };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it("goes on at the same place from a new address", async () => {
  const { played, ...of } = player(false);
  const renew = createSourceRenewal({ ...of, newUrl: () => Promise.resolve("/new"), now: () => 0, fail: expect.fail });
  renew();
  renew();
  await settled();
  expect([of.media.src, of.media.currentTime, of.media.playbackRate, played()]).toEqual(["/new", 71, 2, 1]);
});

it("does not begin to play what was paused", async () => {
  const { played, ...of } = player(true);
  createSourceRenewal({ ...of, newUrl: () => Promise.resolve("/new"), now: () => 0, fail: expect.fail })();
  await settled();
  expect([of.media.src, played()]).toEqual(["/new", 0]);
});

it("fails where no address is given, or the new one fails at once too", async () => {
  let failures = 0;
  let now = 0;
  const options = { now: () => now, fail: () => (failures += 1) };
  createSourceRenewal({ ...player(false), ...options, newUrl: () => Promise.reject(new Error("refused")) })();
  await settled();
  expect(failures).toBe(1);
  const renew = createSourceRenewal({ ...player(false), ...options, newUrl: () => Promise.resolve("/new") });
  renew();
  await settled();
  now = 1000;
  renew();
  expect(failures).toBe(2);
  now = 61_000;
  renew();
  expect(failures).toBe(2);
});
