import { expect, it } from "vitest";
import { changedMembers, type Member } from "./changed-members.ts";

const member = (extensionId: string, penalty = 0): Member => ({ extensionId, penalty, skills: {} });

it("[U55] takes away and adds only what was chosen here, and keeps what somebody else changed meanwhile", () => {
  const before = [member("a"), member("b")];
  const now = [member("a", 3), member("b"), member("d", 1)];
  expect(changedMembers(before, ["a", "c"], now)).toEqual([member("a", 3), member("d", 1), { extensionId: "c" }]);
});
