export * from "./inbox.ts";
export * from "./manual-scheduler.ts";
export * from "./memory-network.ts";
export * from "./phone.ts";
export * from "./phone-call.ts";
export * from "./real-scheduler.ts";
export * from "./seeded-random.ts";
export * from "./web-socket-client.ts";
