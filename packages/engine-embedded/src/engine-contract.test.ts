import { createSelfSigned } from "@pbx-x/sip/testing";
import { describeEngineContract } from "@pbx-x/telephony/contract";
import { createEmbeddedHarness } from "./testing/contract-harness.ts";

describeEngineContract("embedded, phones by UDP", () =>
  createEmbeddedHarness({ transport: "udp", rtpPorts: { min: 21_000, max: 21_999 } }),
);

const signalling = ["offered legs", "dialled legs", "remote control", "watching"] as const;

describeEngineContract(
  "embedded, phones by TCP",
  () => createEmbeddedHarness({ transport: "tcp", rtpPorts: { min: 22_000, max: 22_999 } }),
  signalling,
);

const tls = createSelfSigned();
describeEngineContract(
  "embedded, phones by TLS",
  () => createEmbeddedHarness({ transport: "tls", tls, rtpPorts: { min: 23_000, max: 23_999 } }),
  signalling,
);
