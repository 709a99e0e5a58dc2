export * from "./free-ports.ts";
export * from "./rtp-probe.ts";
