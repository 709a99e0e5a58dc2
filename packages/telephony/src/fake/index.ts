export { createFakeEngine, FakeEngine } from "./fake-engine.ts";
export type { FakeBridge, FakeBridgeMember, FakeLeg, FakeLegState, FakePlayback, FakeSight } from "./fake-leg.ts";
export type { FakeTrunkLine } from "./fake-trunks.ts";
export type { FakeRegistration } from "./fake-phones.ts";
export type { FakeEngineOptions, FakeTransferRequest } from "./fake-world.ts";
export { createManualScheduler, type ManualScheduler } from "./manual-scheduler.ts";
