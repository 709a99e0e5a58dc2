import { type Binding, type BindingId, brandId, type ExtensionId } from "@pbx-x/telephony";
import { createManualScheduler } from "@pbx-x/telephony/fake";
import { describe, expect, it } from "vitest";
import { RegistrationWatch } from "./registration-watch.ts";

const binding: Binding = {
  bindingId: brandId<BindingId>("b"),
  extensionId: brandId<ExtensionId>("e"),
  contactUri: "sip:200@192.0.2.1",
  userAgent: "",
  ipAddress: "192.0.2.1",
  port: 5060,
  transport: "udp",
  expiresAtMs: 0,
  allowsRemoteTalk: false,
  allowsRemoteHold: false,
  engineState: "{}",
};

describe("[V3] [U6] registrations", () => {
  it.each([
    ["few", [100, 499, 0], ["info 10", "info 49.9", "info 0"]],
    ["a storm, over below half of it", [500, 300, 249, 0], ["warning 50", "warning 30", "info 24.9", "info 0"]],
    ["a storm that ends at once", [5000, 0], ["warning 500", "info 0"]],
  ] as const)("%s", (_, windows, expected) => {
    const scheduler = createManualScheduler();
    const told: string[] = [];
    const watch = new RegistrationWatch({
      scheduler,
      perSecond: 50,
      desk: {
        watch:
          () =>
          ({ severity, metrics }) =>
            void told.push(`${severity} ${metrics?.["registrationsPerSecond"]}`),
      },
    });
    for (const count of windows) {
      for (let index = 0; index < count; index += 1) {
        watch.onTelephony({ type: index % 2 === 0 ? "bindingAdded" : "bindingRefreshed", binding });
      }
      scheduler.advance(10_000);
    }
    scheduler.advance(60_000);
    expect(told).toEqual(expected);
    expect(scheduler.pending()).toBe(0);
    watch.onTelephony({ type: "bindingAdded", binding });
    watch.stop();
    expect(scheduler.pending()).toBe(0);
  });
});
