/** The REST interface as the sandbox's administrator uses it. */
export class Directory {
  readonly #url: string;
  readonly #token: () => Promise<string>;

  constructor(url: string, token: () => Promise<string>) {
    this.#url = url;
    this.#token = token;
  }

  async request(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await this.#token()}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  }

  extensionId(number: string): Promise<string> {
    return this.#find(`/extensions?search=${number}`, (entry) => entry["number"] === number, `extension ${number}`);
  }

  queueId(name: string): Promise<string> {
    return this.#find("/queues", (entry) => entry["name"] === name, `queue ${name}`);
  }

  conferenceId(name: string): Promise<string> {
    return this.#find("/conferences", (entry) => entry["name"] === name, `conference ${name}`);
  }

  trunkId(): Promise<string> {
    return this.#find("/trunks", () => true, "trunk");
  }

  async #find(
    path: string,
    fits: (entry: Readonly<Record<string, unknown>>) => boolean,
    what: string,
  ): Promise<string> {
    const { data } = (await this.request("GET", path)) as { data: readonly Readonly<Record<string, unknown>>[] };
    const id = data.find(fits)?.["id"];
    if (typeof id !== "string") throw new Error(`The sandbox has no ${what}.`);
    return id;
  }
}

/** Logs somebody in; answers the access token. */
export async function login(url: string, email: string, password: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  if (!response.ok) throw new Error(`Log-in of ${email}: ${response.status}`);
  const { tokens } = (await response.json()) as { tokens: { accessToken: string } };
  return tokens.accessToken;
}
