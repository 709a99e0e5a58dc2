/**
 * What somebody in a conference wants who presses the star key and then a digit ([V21]): `1` mutes and unmutes himself; a
 * moderator also locks and unlocks by `2`, and ends the conference for all by `9`.
 */
export function orderOf(digit: string, isModerator: boolean): "mute" | "lock" | "end" | undefined {
  if (digit === "1") return "mute";
  if (!isModerator) return undefined;
  if (digit === "2") return "lock";
  return digit === "9" ? "end" : undefined;
}
