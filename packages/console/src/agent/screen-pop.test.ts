import { describe, expect, it } from "vitest";
import { screenPopUrl } from "./screen-pop.ts";

describe("[U40] a screen pop", () => {
  it("fills in encoded values", () => {
    const url = screenPopUrl("https://crm.example/find?q={number}&n={name}", { number: "+49 30", name: "A&B" });
    expect(url).toBe("https://crm.example/find?q=%2B49%2030&n=A%26B");
  });
  it("is refused for every scheme but https", () => {
    for (const template of ["javascript:alert(1)", "http://crm.example", "data:text/html,x", " https://x", ""])
      expect(screenPopUrl(template, {})).toBeUndefined();
  });
  it("cannot be led elsewhere by a value", () => {
    expect(screenPopUrl("https://crm.example/{name}", { name: "../../@evil.example" })).toMatch(
      /^https:\/\/crm\.example\//,
    );
  });
  it("leaves out what it does not know", () => {
    expect(screenPopUrl("https://crm.example/?a={other}", {})).toBe("https://crm.example/?a=");
  });
});
