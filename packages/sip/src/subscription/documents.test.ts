import { describe, expect, test } from "vitest";
import { printMessageSummary } from "./message-summary.ts";
import { dialogPackage } from "./dialog-info.ts";
import { busy, call, idle } from "./notifier-testbench.ts";
import { presencePackage } from "./pidf.ts";
import type { WatchedState } from "./watched-state.ts";

const parts = { number: "201", domain: "pbx.test:5060", version: 7, told: undefined, maxBytes: undefined };

describe("dialog-info", () => {
  test("[L3] a ringing number, as phones want it", () => {
    const state = busy(call("a", "early", { remote: { number: "305", name: 'Ben & "Co" <x>' } }));
    expect(dialogPackage.printBody({ ...parts, state })).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="7" state="full" entity="sip:201@pbx.test:5060">',
        '<dialog id="a" direction="recipient">',
        "<state>early</state>",
        '<local><identity display="Lisa Weber">sip:201@pbx.test:5060</identity><target uri="sip:201@pbx.test:5060"/></local>',
        '<remote><identity display="Ben &amp; &quot;Co&quot; &lt;x&gt;">sip:305@pbx.test:5060</identity>' +
          '<target uri="sip:305@pbx.test:5060"/></remote>',
        "</dialog>",
        "</dialog-info>",
        "",
      ].join("\n"),
    );
  });

  test("a caller that is not told is hidden; a call on hold says so", () => {
    const body = dialogPackage.printBody({ ...parts, state: busy(call("a", "confirmed", { isHeld: true })) });
    expect(body).toContain("<remote><identity>sip:anonymous@anonymous.invalid</identity>");
    expect(body).toContain('<target uri="sip:201@pbx.test:5060"><param pname="+sip.rendering" pvalue="no"/></target>');
  });

  test("[C34] the dialog that a phone may take the place of, as long as it is there", () => {
    const dialog = { callId: "a@b", localTag: "theirs", remoteTag: 'o"urs' };
    const state = busy(call("a", "early", { dialog }));
    expect(dialogPackage.printBody({ ...parts, state })).toContain(
      '<dialog id="a" call-id="a@b" local-tag="theirs" remote-tag="o&quot;urs" direction="recipient">',
    );
    const gone = dialogPackage.printBody({ ...parts, state: idle, told: state });
    expect(gone).toContain('<dialog id="a" direction="recipient">');
  });

  test("control characters and half characters do not break the document", () => {
    const state = { ...busy(call("a", "early")), displayName: "A\u0000\u001b\ud800B\u{1F600}\u00fc" };
    expect(dialogPackage.printBody({ ...parts, state })).toContain('display="AB\u{1F600}\u00fc"');
  });

  test("IPv6 domains", () => {
    expect(dialogPackage.printBody({ ...parts, domain: "[2001:db8::1]:5060", state: idle })).toContain(
      'entity="sip:201@[2001:db8::1]:5060"',
    );
  });
});

describe("pidf", () => {
  const of = (presence: WatchedState["presence"]) =>
    presencePackage.printBody({ ...parts, state: { ...idle, presence } });

  test.each([
    ["available", "open", undefined],
    ["busy", "open", "busy"],
    ["away", "open", "away"],
    ["dnd", "closed", "busy"],
    ["offline", "closed", undefined],
  ] as const)("%s is %s, activity %s", (status, basic, activity) => {
    const body = of({ status });
    expect(body).toContain(`<status><basic>${basic}</basic></status>`);
    expect(/<rpid:activities><rpid:(\w+)\/>/.exec(body)?.[1]).toBe(activity);
    expect(body).toMatch(/<note>[A-Z][a-z ]+<\/note>/);
  });

  test("the user's own words", () => {
    expect(of({ status: "away", note: "Back at 3 < 4" })).toContain("<note>Back at 3 &lt; 4</note>");
  });
});

describe("message-summary", () => {
  test("[L11] counts unread and read messages, and ends every line with CRLF", () => {
    const messages = { account: "*97", unread: 2, read: 5, urgentUnread: 1, urgentRead: 0 };
    expect(printMessageSummary("201", "192.0.2.1:5062", messages)).toBe(
      "Messages-Waiting: yes\r\nMessage-Account: sip:*97@192.0.2.1:5062\r\nVoice-Message: 2/5 (1/0)\r\n",
    );
  });

  test("[L11] without a mailbox there is nothing, at the number itself", () => {
    expect(printMessageSummary("201", "pbx.example")).toBe(
      "Messages-Waiting: no\r\nMessage-Account: sip:201@pbx.example\r\nVoice-Message: 0/0 (0/0)\r\n",
    );
  });
});
