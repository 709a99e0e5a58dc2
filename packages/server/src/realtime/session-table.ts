import { connectionOf, type Session } from "./session.ts";

/** All sessions, connected or to be resumed. */
export class SessionTable {
  readonly #byId = new Map<string, Session>();
  readonly #byClient = new Map<string, Set<Session>>();

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): Session | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<Session> {
    return this.#byId.values();
  }

  /** Sessions of one app instance ([W15]). */
  ofClient(userId: string, clientId: string): readonly Session[] {
    return [...(this.#byClient.get(`${userId} ${clientId}`) ?? [])];
  }

  add(session: Session): void {
    this.#byId.set(session.id, session);
    if (session.clientId === undefined) return;
    const key = `${session.identity.userId} ${session.clientId}`;
    this.#byClient.set(key, (this.#byClient.get(key) ?? new Set()).add(session));
  }

  remove(session: Session): void {
    this.#byId.delete(session.id);
    if (session.clientId === undefined) return;
    const key = `${session.identity.userId} ${session.clientId}`;
    const sessions = this.#byClient.get(key);
    sessions?.delete(session);
    if (sessions?.size === 0) this.#byClient.delete(key);
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
