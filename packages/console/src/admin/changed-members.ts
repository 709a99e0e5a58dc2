export interface Member {
  readonly extensionId: string;
  readonly penalty: number;
  readonly skills: Readonly<Record<string, number>>;
}

/**
 * What is sent: the members of now, without those that were taken away here and with those that were added, so that what
 * somebody else changed meanwhile is not lost ([U55]). Penalties and skills of those who stay are kept.
 */
export function changedMembers(
  before: readonly Member[],
  chosen: readonly string[],
  now: readonly Member[],
): readonly (Member | Pick<Member, "extensionId">)[] {
  const had = new Set(before.map(({ extensionId }) => extensionId));
  const has = new Set(now.map(({ extensionId }) => extensionId));
  return [
    ...now
      .filter(({ extensionId }) => chosen.includes(extensionId) || !had.has(extensionId))
      .map(({ extensionId, penalty, skills }) => ({ extensionId, penalty, skills })),
    ...chosen.filter((id) => !had.has(id) && !has.has(id)).map((extensionId) => ({ extensionId })),
  ];
}
