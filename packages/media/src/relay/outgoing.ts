/**
 * Gathers messages for another thread: all of one turn go as one, for each one wakes the other thread. `flush` sends what waits
 * at once.
 */
export interface Outgoing<Message> {
  add(message: Message): void;
  flush(): void;
}

export function gatherOutgoing<Message>(post: (messages: readonly Message[]) => void): Outgoing<Message> {
  let waiting: Message[] = [];
  const flush = (): void => {
    if (waiting.length === 0) return;
    const messages = waiting;
    waiting = [];
    post(messages);
  };
  return {
    add: (message) => {
      waiting.push(message);
      // Behind all promises of this turn: what they bring goes along.
      if (waiting.length === 1) queueMicrotask(() => process.nextTick(flush));
    },
    flush,
  };
}
