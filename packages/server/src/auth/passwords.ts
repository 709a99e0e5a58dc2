import { hash, verify } from "@node-rs/argon2";

/** argon2id, 19 MiB, two passes ([R3]); computed outside the main thread. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

/** Takes as long for an unknown user (`hashed` undefined) as for a known one. */
export async function checkPassword(hashed: string | undefined, password: string): Promise<boolean> {
  if (hashed === undefined) {
    await hash(password, cost);
    return false;
  }
  return verify(hashed, password);
}
