export { createFaults, type Faults } from "./faults.ts";
export { type Direction, FaultRules, type FrameFault } from "./frame-faults.ts";
export { createManualClock, type ManualClock } from "./manual-clock.ts";
export { createTestServer, TestServer, type TestServerOptions } from "./test-server.ts";
export { createTestSockets, type TestLink } from "./test-socket.ts";
export { createTestLocks, type TestLocks } from "./test-locks.ts";
export { TestBrowser, type TestTab } from "./test-tabs.ts";
