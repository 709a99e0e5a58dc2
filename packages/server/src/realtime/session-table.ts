import { connectionOf, type Session } from "./session.ts";

/** All sessions, connected or to be resumed. */
export class SessionTable {
  readonly #byId = new Map<string, Session>();
  readonly #byClient = new Map<string, Set<Session>>();
  /** How many sessions a user has. */
  readonly #ofUser = new Map<string, number>();
  readonly #onUserChanged: (userId: string) => void;

  /** @param onUserChanged a user's first session is there, or the last one is gone */
  constructor(onUserChanged: (userId: string) => void = () => undefined) {
    this.#onUserChanged = onUserChanged;
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): Session | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<Session> {
    return this.#byId.values();
  }

  /** Whether a user has a session, connected or to be resumed. */
  hasUser(userId: string): boolean {
    return this.#ofUser.has(userId);
  }

  /** Sessions of one app instance ([W15]). */
  ofClient(userId: string, clientId: string): readonly Session[] {
    return [...(this.#byClient.get(`${userId} ${clientId}`) ?? [])];
  }

  add(session: Session): void {
    this.#byId.set(session.id, session);
    this.#count(session.identity.userId, 1);
    if (session.clientId === undefined) return;
    const key = `${session.identity.userId} ${session.clientId}`;
    this.#byClient.set(key, (this.#byClient.get(key) ?? new Set()).add(session));
  }

  remove(session: Session): void {
    if (this.#byId.delete(session.id)) this.#count(session.identity.userId, -1);
    if (session.clientId === undefined) return;
    const key = `${session.identity.userId} ${session.clientId}`;
    const sessions = this.#byClient.get(key);
    sessions?.delete(session);
    if (sessions?.size === 0) this.#byClient.delete(key);
  }

  #count(userId: string, by: 1 | -1): void {
    const before = this.#ofUser.get(userId) ?? 0;
    const after = before + by;
    if (after > 0) this.#ofUser.set(userId, after);
    else this.#ofUser.delete(userId);
    if (before === 0 || after === 0) this.#onUserChanged(userId);
  }

  /** Whether nothing waits to be written anywhere. */
  isDrained(): boolean {
    for (const session of this.#byId.values()) if (connectionOf(session)?.isDrained === false) return false;
    return true;
  }

  /** Whether one more connection is too many; sessions without one do not count. */
  isFull(
    address: string,
    limits: { readonly maxConnections: number; readonly maxConnectionsPerAddress: number },
  ): boolean {
    if (this.#byId.size < Math.min(limits.maxConnections, limits.maxConnectionsPerAddress)) return false;
    let all = 0;
    let same = 0;
    for (const session of this.#byId.values()) {
      const connection = connectionOf(session);
      if (connection === undefined) continue;
      all += 1;
      if (connection.address === address) same += 1;
    }
    return all >= limits.maxConnections || same >= limits.maxConnectionsPerAddress;
  }

  /** The lost session to be forgotten first where there are too many; undefined while there is room. */
  oldestLost(limit: number): Session | undefined {
    if (this.#byId.size < limit) return undefined;
    for (const session of this.#byId.values()) if (session.state.at === "detached") return session;
    return undefined;
  }
}
