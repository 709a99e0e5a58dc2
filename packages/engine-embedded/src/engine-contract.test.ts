import { describeEngineContract } from "@pbx-x/telephony/contract";
import { createEmbeddedHarness } from "./testing/contract-harness.ts";

describeEngineContract("embedded, phones by UDP", () =>
  createEmbeddedHarness({ transport: "udp", rtpPorts: { min: 21_000, max: 21_999 } }),
);

describeEngineContract(
  "embedded, phones by TCP",
  () => createEmbeddedHarness({ transport: "tcp", rtpPorts: { min: 22_000, max: 22_999 } }),
  ["offered legs", "dialled legs", "remote control"],
);
