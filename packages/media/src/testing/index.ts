export * from "./free-ports.ts";
export * from "./rtp-probe.ts";
export * from "./udp-peer.ts";
