import type { BrowserContext, Page } from "playwright-core";

/** What pages did to be noticed, summed. */
export interface Ringing {
  /** How often the browser was asked to allow notifications. */
  readonly asked: number;
  /** Tones: contexts of sound that were opened, and those that still are. */
  readonly tones: number;
  readonly tonesNow: number;
  readonly notifications: number;
  readonly notificationsNow: number;
}

/** Counts tones and notifications of all pages of a context, and lets it show them. */
export async function watchRinging(context: BrowserContext): Promise<void> {
  await context.grantPermissions(["notifications"]);
  await context.addInitScript(() => {
    const ringing = { asked: 0, tones: 0, tonesNow: 0, notifications: 0, notificationsNow: 0 };
    class WatchedSound extends AudioContext {
      constructor() {
        super();
        ringing.tones += 1;
        ringing.tonesNow += 1;
      }
      override close(): Promise<void> {
        ringing.tonesNow -= 1;
        return super.close();
      }
    }
    const original = Notification;
    class WatchedNotification extends original {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        ringing.notifications += 1;
        ringing.notificationsNow += 1;
      }
      static override requestPermission(): Promise<NotificationPermission> {
        ringing.asked += 1;
        return original.requestPermission();
      }
      override close(): void {
        ringing.notificationsNow -= 1;
        super.close();
      }
    }
    Object.assign(globalThis, { ringing, AudioContext: WatchedSound, Notification: WatchedNotification });
  });
}

export async function ringingOf(pages: readonly Page[]): Promise<Ringing> {
  const each = await Promise.all(
    pages.map((page) => page.evaluate(() => (globalThis as unknown as { readonly ringing: Ringing }).ringing)),
  );
  const sum = (name: keyof Ringing): number => each.reduce((total, page) => total + page[name], 0);
  return {
    asked: sum("asked"),
    tones: sum("tones"),
    tonesNow: sum("tonesNow"),
    notifications: sum("notifications"),
    notificationsNow: sum("notificationsNow"),
  };
}
