export { type FaultProxy, type NetworkFault, networkFaults, startFaultProxy } from "./fault-proxy.ts";
export type { Scenario, Step } from "./scenario.ts";
export { scenarios } from "./scenarios.ts";
export { type Sandbox, type SandboxOptions, type SandboxUser, startSandbox } from "./start-sandbox.ts";
