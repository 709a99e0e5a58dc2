import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startOwnPeer } from "../sip/peers.ts";
import { measure } from "../sip/measure.ts";
import { readProfile, type SelfTime } from "./cpu-profile.ts";
import { threadTimes } from "./thread-times.ts";

// Where the server spends its time under SIPp: node bench/src/profile/profile-sip.ts calls --rate 120 --seconds 10

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rate: { type: "string", default: "120" },
    seconds: { type: "string", default: "10" },
    top: { type: "string", default: "40" },
    plain: { type: "boolean", default: false },
  },
});
const what = positionals[0] === "registrations" ? "registrations" : "calls";
const dir = await mkdtemp(join(tmpdir(), "pbx-x-profile-"));
let skippedMs = 0;
const startedAt = performance.now();
const peer = await startOwnPeer(500, values.plain ? "" : `--cpu-prof --cpu-prof-interval=500 --cpu-prof-dir=${dir}`);
const [pid = 0] = peer.pids;
try {
  await measure(peer, what, Number(values.rate), 3);
  skippedMs = performance.now() - startedAt;
  const before = threadTimes(pid);
  const { successful, failedPercent, meanMs, cpuMs, retransmissions } = await measure(
    peer,
    what,
    Number(values.rate),
    Number(values.seconds),
  );
  console.log({ what, rate: values.rate, successful, failedPercent, meanMs, cpuMs, retransmissions });
  for (const [thread, { userMs, systemMs }] of threadTimes(pid)) {
    const user = (userMs - (before.get(thread)?.userMs ?? 0)) / successful;
    const system = (systemMs - (before.get(thread)?.systemMs ?? 0)) / successful;
    if (user + system > 0.01) console.log(`${thread}: ${user.toFixed(3)} user, ${system.toFixed(3)} system ms each`);
  }
} finally {
  await peer.stop();
}
const top = Number(values.top);
for (const file of (await readdir(dir)).toSorted()) {
  const { busyMs, places, functions, charged } = await readProfile(join(dir, file), skippedMs);
  console.log(`\n${file}: busy ${busyMs.toFixed(0)} ms`);
  const show = (title: string, times: readonly SelfTime[], count: number): void => {
    console.log(`  -- ${title}`);
    for (const { name, ms } of times.slice(0, count)) {
      console.log(`${((ms / busyMs) * 100).toFixed(1).padStart(5)} %  ${name.slice(0, 150)}`);
    }
  };
  show("by file", places, top / 2);
  show("by function", functions, top);
  show("by our function, with what Node does for it", charged, top);
}
await rm(dir, { recursive: true, force: true });
