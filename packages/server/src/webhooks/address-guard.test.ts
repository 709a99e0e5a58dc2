import { describe, expect, it } from "vitest";
import { createAddressGuard } from "./address-guard.ts";
import { faultOfUrl } from "./webhook-url.ts";

const strict = createAddressGuard({ networks: [], isLoopbackAllowed: false });

describe("where webhooks may go", () => {
  const special = `
    127.0.0.1 127.9.9.9 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 0.0.0.0 100.64.0.1 198.18.0.1
    224.0.0.1 255.255.255.255 :: ::1 fe80::1 fe80::1%eth0 fc00::1 fd12:3456::1 ff02::1 2002:7f00:1:: 64:ff9b::a00:1
    ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe 0:0:0:0:0:ffff:7f00:1 localhost 1.2.3
  `;
  it.each(["", ...special.trim().split(/\s+/)])("[R45] %s is refused", (address) => {
    expect(strict(address)).toBe(false);
  });

  it.each(["8.8.8.8", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8"])("[R45] %s is public", (address) => {
    expect(strict(address)).toBe(true);
  });

  it("[R45] a setting opens networks, and this machine", () => {
    const open = createAddressGuard({ networks: ["10.0.0.0/8", "fd00::/8", "192.168.1.7"], isLoopbackAllowed: true });
    for (const address of ["10.9.9.9", "::ffff:10.0.0.1", "fd00::1", "192.168.1.7", "127.0.0.1", "::1"]) {
      expect(open(address)).toBe(true);
    }
    expect(open("192.168.1.8")).toBe(false);
    expect(open("169.254.169.254")).toBe(false);
  });

  const rules = { isAllowed: strict, isLoopbackAllowed: false };
  const lax = {
    isAllowed: createAddressGuard({ networks: [], isLoopbackAllowed: true }),
    isLoopbackAllowed: true,
  };
  it.each([
    ["https://hooks.example/pbx?tenant=1", rules, undefined],
    ["http://hooks.example/pbx", rules, "https only"],
    ["http://hooks.example/pbx", lax, "https only"],
    ["http://127.0.0.1:8000/", rules, "https only"],
    ["http://127.0.0.1:8000/", lax, undefined],
    ["http://localhost:8000/", lax, undefined],
    ["http://127.example/", lax, "https only"],
    ["https://10.0.0.1/", rules, "a public address"],
    ["https://[::ffff:10.0.0.1]/", rules, "a public address"],
    ["https://0x7f000001/", rules, "a public address"],
    ["https://user:pass@hooks.example/", rules, "no user or password"],
    ["https://hooks.example/#part", rules, "no #fragment"],
    ["ftp://hooks.example/", rules, "https only"],
    ["hooks.example", rules, "a URL"],
    [`https://hooks.example/${"x".repeat(2000)}`, rules, "a URL"],
  ])("[R40] [R45] %s", (url, given, fault) => {
    if (fault === undefined) expect(faultOfUrl(url, given)).toBeUndefined();
    else expect(faultOfUrl(url, given)).toContain(fault);
  });
});
