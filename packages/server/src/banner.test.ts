import { expect, it } from "vitest";
import { printBanner } from "./banner.ts";

const facts = {
  address: "192.168.1.20",
  httpPort: 8080,
  sip: { host: "0.0.0.0", udp: 5060, tcp: 5060, tls: 5061 },
  isFirst: true,
  hasDemo: true,
  adminEmail: "it@example.com",
  dataDir: "/srv/data",
  version: "1.2.3",
};

it("the banner says where everything is, and what to do next", () => {
  const text = printBanner(facts);
  expect(text).toContain("http://192.168.1.20:8080/api/v1");
  expect(text).toContain("ws://192.168.1.20:8080/ws");
  expect(text).toContain("192.168.1.20:5060 (UDP, TCP), 192.168.1.20:5061 (TLS)");
  expect(text).toContain("all passwords are in /srv/data/first-start.txt");
  expect(text).toContain("user 200, the SIP password of 200");
  expect(text).toContain("login --email it@example.com");
});

it("[R12] without the demo company nobody is told of a phone 200", () => {
  const text = printBanner({ ...facts, hasDemo: false, isFirst: false });
  expect(text).not.toMatch(/\b200\b/);
  expect(text).toContain("add an extension in the console");
  expect(text).toContain("Passwords of the first start: /srv/data/first-start.txt");
});
