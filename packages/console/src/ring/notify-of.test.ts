import { describe, expect, it } from "vitest";
import { notifyOf } from "./notify-of.ts";

describe("a notification of a call", () => {
  it("[U28] harms nothing in a browser that lets no page notify", () => {
    class Refusing {
      constructor() {
        throw new TypeError("Illegal constructor");
      }
    }
    expect(notifyOf(Refusing as unknown as typeof Notification, "Incoming call", { body: "Anna" })).toBeUndefined();
  });

  it("[U28] is closed with the call", () => {
    const closed: string[] = [];
    class Showing {
      readonly #title: string;
      onclick: (() => void) | undefined;
      constructor(title: string) {
        this.#title = title;
      }
      close(): void {
        closed.push(this.#title);
      }
    }
    notifyOf(Showing as unknown as typeof Notification, "Incoming call", { body: "Anna" })?.();
    expect(closed).toEqual(["Incoming call"]);
  });
});
