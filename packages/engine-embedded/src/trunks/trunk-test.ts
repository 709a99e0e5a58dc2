import type { Endpoint, Remote, SipResponse } from "@pbx-x/sip";
import type { TrunkConfiguration, TrunkTestStep } from "@pbx-x/telephony";
import { RegisterExchange, refusalOf } from "./register-exchange.ts";
import type { ResolvedPlace, ResolvePlaces } from "./resolve-places.ts";
import { credentialsOf, placeOf, remoteOf } from "./trunk-addresses.ts";
import { lineOf } from "./trunk-identity.ts";
import { optionsRequest } from "./trunk-probe.ts";

export interface TrunkTestOptions {
  readonly endpoint: Endpoint;
  readonly configuration: TrunkConfiguration;
  readonly resolve: ResolvePlaces;
  readonly randomText: () => string;
}

/** Each step may take so long. */
const stepMs = 8000;
const defaultExpirySeconds = 300;
type Found = Pick<TrunkTestStep, "isOk" | "detail">;
type Answer = SipResponse | "timeout" | "transport_error";

/**
 * Tries a trunk out, one step after the other until one fails. An enabled one renews its registration by it; a disabled one
 * is only asked whether its password is right, and leaves nothing behind.
 */
export async function testTrunk(options: TrunkTestOptions): Promise<readonly TrunkTestStep[]> {
  const { endpoint, configuration, resolve } = options;
  const { scheduler } = endpoint;
  const steps: TrunkTestStep[] = [];
  const run = async (step: TrunkTestStep["step"], act: () => Promise<Found>): Promise<boolean> => {
    const startMs = scheduler.now();
    const found = await act();
    steps.push({ step, ...found, durationMs: scheduler.now() - startMs });
    return found.isOk;
  };

  let places: readonly ResolvedPlace[] = [];
  const isResolved = await run("resolve", async () => {
    places = await within(endpoint, resolve(placeOf(configuration)), []);
    const list = places.map(({ address, port }) => `${address}:${port}`).join(", ");
    const { host } = placeOf(configuration);
    return places.length > 0
      ? { isOk: true, detail: `${host} is ${list}` }
      : { isOk: false, detail: `the name ${host} has no address` };
  });
  const [place] = places;
  if (!isResolved || place === undefined) return steps;
  const remote = remoteOf(configuration, place);
  if (configuration.isQualified ?? true) {
    const isThere = await run("options", async () => judgeOptions(await askOptions(options, remote)));
    if (!isThere) return steps;
  }
  if (configuration.trunkType === "register") await run("register", () => tryRegister(options, remote));
  return steps;
}

function askOptions({ endpoint, configuration }: TrunkTestOptions, remote: Remote): Promise<Answer> {
  const answer = new Promise<Answer>((settle) => {
    endpoint.request(optionsRequest(endpoint, configuration), remote, { onResponse: settle, onFailure: settle });
  });
  return within(endpoint, answer, "timeout");
}

function judgeOptions(answer: Answer): Found {
  if (typeof answer !== "string") return { isOk: true, detail: `answered ${answer.status} ${answer.reason}` };
  return { isOk: false, detail: silence(answer, "OPTIONS") };
}

async function tryRegister(options: TrunkTestOptions, remote: Remote): Promise<Found> {
  const { endpoint, configuration, randomText } = options;
  const credentials = credentialsOf(configuration, randomText);
  const exchange = new RegisterExchange({ endpoint, configuration, credentials, line: lineOf(configuration) });
  const { isEnabled, registrationExpirySeconds = defaultExpirySeconds } = configuration;
  const final = new Promise<Answer>((settle) => {
    exchange.send(remote, isEnabled ? registrationExpirySeconds : 0, { onFinal: settle, onFailure: settle });
  });
  const answer = await within(endpoint, final, "timeout");
  if (typeof answer === "string") return { isOk: false, detail: silence(answer, "REGISTER") };
  if (answer.status < 300) return { isOk: true, detail: `user name and password taken (${answer.status})` };
  // A wish for a longer registration is one of somebody who was let in.
  if (answer.status === 423) return { isOk: true, detail: "user name and password taken; wants longer registrations" };
  return { isOk: false, detail: refusalOf(answer, credentials !== undefined).detail };
}

function silence(failure: "timeout" | "transport_error", method: string): string {
  return failure === "timeout" ? `no answer to ${method}` : `the far side cannot be reached to send ${method}`;
}

function within<Result>({ scheduler }: Endpoint, work: Promise<Result>, otherwise: Result): Promise<Result> {
  return new Promise((settle) => {
    const cancel = scheduler.after(stepMs, () => settle(otherwise));
    void work.then((result) => {
      cancel();
      settle(result);
    });
  });
}
