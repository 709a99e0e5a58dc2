import { expect, test } from "vitest";
import { Inbox } from "./inbox.ts";

test("gives what is there and what comes, each once, in order", async () => {
  const inbox = new Inbox<number>();
  inbox.put(1);
  const [first, second] = [inbox.next(), inbox.next()];
  inbox.put(2);
  expect(await Promise.all([first, second])).toEqual([1, 2]);
  expect([inbox.take(), inbox.all]).toEqual([undefined, [1, 2]]);
});

test("leaves what does not fit for others", async () => {
  const inbox = new Inbox<number>();
  const even = inbox.next((value) => value % 2 === 0);
  for (const value of [1, 2, 3]) inbox.put(value);
  expect([await even, inbox.take(), inbox.take()]).toEqual([2, 1, 3]);
});

test("ends all waiting when closed, now and later", async () => {
  const inbox = new Inbox<number>();
  const waiting = inbox.next();
  inbox.close("over");
  await expect(waiting).rejects.toThrow("over");
  await expect(inbox.next()).rejects.toThrow("over");
});
