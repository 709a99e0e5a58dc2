/** Counts the messages in the bytes of one WebSocket connection from a server (RFC 6455 §5.2), without looking into them. */
export class FrameCounter {
  #skip = 0;
  #head = Buffer.alloc(0);
  #messages = 0;
  #payloadBytes = 0;

  get messages(): number {
    return this.#messages;
  }

  get payloadBytes(): number {
    return this.#payloadBytes;
  }

  push(chunk: Buffer): void {
    let data = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    this.#head = Buffer.alloc(0);
    if (this.#skip > 0) {
      const used = Math.min(this.#skip, data.length);
      this.#skip -= used;
      data = data.subarray(used);
    }
    let offset = 0;
    while (offset < data.length) {
      const header = headerOf(data, offset);
      if (header === undefined) {
        this.#head = Buffer.from(data.subarray(offset));
        return;
      }
      if (header.isData) this.#messages += 1;
      if (header.isData) this.#payloadBytes += header.payload;
      const end = offset + header.size + header.payload;
      if (end > data.length) this.#skip = end - data.length;
      offset = end;
    }
  }
}

function headerOf(data: Buffer, offset: number) {
  if (data.length - offset < 2) return undefined;
  const short = (data[offset + 1] ?? 0) & 0x7f;
  const size = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (data.length - offset < size) return undefined;
  const payload =
    short === 126 ? data.readUInt16BE(offset + 2) : short === 127 ? Number(data.readBigUInt64BE(offset + 2)) : short;
  const opcode = (data[offset] ?? 0) & 0x0f;
  return { size, payload, isData: opcode <= 2 };
}
