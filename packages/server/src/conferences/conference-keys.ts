/**
 * What somebody in a conference wants who presses the star key and then a digit ([V21]): `1` mutes and unmutes himself; a
 * moderator also locks and unlocks by `2`, begins and ends its recording by `3`, and ends the conference for all by `9`.
 */
export function orderOf(digit: string, isModerator: boolean): "mute" | "lock" | "record" | "end" | undefined {
  if (digit === "1") return "mute";
  if (!isModerator) return undefined;
  if (digit === "2") return "lock";
  if (digit === "3") return "record";
  return digit === "9" ? "end" : undefined;
}
