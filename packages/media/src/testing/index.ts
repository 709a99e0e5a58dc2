export * from "./rtp-probe.ts";
