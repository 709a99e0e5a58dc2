import {
  type AnyEvent,
  commands as definitions,
  commit,
  emptyTables,
  monitorModes,
  reduce,
  snapshotFromTables,
  type Tables,
  tablesFromSnapshot,
} from "@pbx-x/protocol";
import type { BindingId, LegId } from "@pbx-x/telephony";
import type { FakeLegState } from "@pbx-x/telephony/fake";
import type { CommandContext, CommandOutcome } from "../realtime/command-handler.ts";
import type { Call } from "./call.ts";
import { type CallTestbench, createCallTestbench } from "./call-testbench.ts";
import { type Action, partyNumbers, type Run } from "./random-run-actions.ts";
import { RandomRunHistory } from "./random-run-history.ts";
import {
  actInService,
  callbackExpiryMs,
  finishPlaying,
  type RandomServices,
  startRandomServices,
} from "./random-run-services.ts";
import { checkFigures } from "./random-run-queues.ts";
import { checkSound } from "./random-run-sound.ts";

type Command = Extract<Action, { do: "command" }>;

const dayMs = 86_400_000;
/** Codes that any command may answer ([W6]). */
const commonErrors = ["UNAUTHORIZED", "INVALID_PARAMS"];

/** Plays a run on the fake engine and holds everything against the rules; throws the first thing that is broken. */
export async function playRun({
  phones,
  maxConcurrentCalls,
  forwards,
  slots,
  acd: wish,
  steps,
}: Run): Promise<RandomRunHistory> {
  const each = Object.fromEntries(
    partyNumbers.map((number, index) => [number, settingsOf(number, forwards[index] ?? "none")]),
  );
  const bench = await createCallTestbench({ maxConcurrentCalls }, each);
  bench.lots.splice(0, 1, { id: "main", name: "Main", firstSlot: 701, lastSlot: 700 + slots, timeoutSeconds: 300 });
  const services = await startRandomServices(bench, wish);
  const history = new RandomRunHistory();
  bench.onCommitted((batch) => history.add(batch));
  const bindings = new Map<BindingId, string>();
  const register = (number: string): void => {
    bindings.set(bench.register(number, { expiresMs: 30 * dayMs, allowsRemoteTalk: number === "200" }), number);
  };
  for (const number of partyNumbers.slice(0, phones)) register(number);
  const waiting: Promise<void>[] = [];
  const story: string[] = [];
  try {
    for (const { action, settles } of steps) {
      const seen = history.all.length;
      act({ bench, services, bindings, register, waiting, history }, action);
      if (settles) await bench.settle();
      story.push(JSON.stringify(action), ...history.all.slice(seen).map(shorten));
      history.check();
      if (settles) checkSound(bench);
    }
    await bench.settle();
    checkSound(bench);
    await finish(bench, services, bindings, waiting);
    history.checkEnd();
    checkFigures(history.queues, services.acd);
    checkFold(history.all);
  } catch (cause) {
    throw new Error(`${cause instanceof Error ? cause.message : String(cause)}\n${story.join("\n")}`, { cause });
  }
  return history;
}

/** An event in a line, for the story of a run that failed. */
function shorten(event: AnyEvent): string {
  return `  ${event.type} ${JSON.stringify("data" in event ? event.data : {})}`;
}

interface World {
  readonly bench: CallTestbench;
  readonly services: RandomServices;
  readonly bindings: Map<BindingId, string>;
  readonly register: (number: string) => void;
  readonly waiting: Promise<void>[];
  readonly history: RandomRunHistory;
}

function settingsOf(number: string, forward: Run["forwards"][number]) {
  const destination = partyNumbers[(partyNumbers.findIndex((other) => other === number) + 1) % partyNumbers.length];
  const to = destination ?? "200";
  switch (forward) {
    case "none":
      return {};
    case "dnd":
      return { dndEnabled: true };
    case "always":
      return { forwardUnconditionalEnabled: true, forwardUnconditionalDestination: to };
    case "busy":
      return { forwardOnBusyEnabled: true, forwardOnBusyDestination: to };
    case "no_answer":
      return { forwardOnNoAnswerEnabled: true, forwardOnNoAnswerDestination: to, forwardOnNoAnswerTimeout: 10 };
  }
}

function at<Item>(items: readonly Item[], pick: number): Item | undefined {
  return items[pick % Math.max(1, items.length)];
}

function act(world: World, action: Action): void {
  const { bench, bindings, register } = world;
  const { engine, scheduler } = bench;
  const phones = [...bindings.keys()];
  const legIn = (pick: number, ...states: readonly FakeLegState[]): LegId | undefined => {
    const legs = engine.legs().filter(({ state, direction }) => states.includes(state) && isPhone(direction, state));
    return at(legs, pick)?.legId;
  };
  const withLeg = (legId: LegId | undefined, run: (legId: LegId) => void): void => {
    if (legId !== undefined) run(legId);
  };
  switch (action.do) {
    case "dial": {
      const phone = at(phones, action.phone);
      if (phone !== undefined) engine.call(phone, action.to);
      return;
    }
    case "talk": {
      const phone = at(phones, action.phone);
      const other = at(phones, action.to);
      const number = other === undefined ? undefined : bindings.get(other);
      if (phone === undefined || number === undefined || phone === other) return;
      engine.call(phone, number);
      const leg = engine.legs().findLast(({ bindingId, state }) => bindingId === other && state === "dialled");
      return withLeg(leg?.legId, (legId) => engine.answer(legId));
    }
    case "ring":
      return withLeg(legIn(action.leg, "dialled"), (legId) => engine.ring(legId));
    case "earlyMedia":
      return withLeg(legIn(action.leg, "dialled", "ringing"), (legId) => engine.earlyMedia(legId));
    case "answer":
      return withLeg(legIn(action.leg, "dialled", "ringing", "early_media"), (legId) => engine.answer(legId));
    case "reject":
      return withLeg(legIn(action.leg, "dialled", "ringing", "early_media"), (legId) =>
        action.leg % 2 === 0 ? engine.reject(legId, "busy", 486) : engine.reject(legId, "rejected", 603),
      );
    case "hangup": {
      const legs = engine.legs().filter(({ state, direction }) => state === "answered" || direction === "offered");
      return withLeg(at(legs, action.leg)?.legId, (legId) => engine.hangup(legId));
    }
    case "hold":
      return withLeg(legIn(action.leg, "answered"), (legId) => engine.hold(legId));
    case "unhold":
      return withLeg(legIn(action.leg, "answered"), (legId) => engine.unhold(legId));
    case "press":
      return withLeg(legIn(action.leg, "answered"), (legId) => engine.press(legId, action.digit ?? "5"));
    case "heard":
      return withLeg(legIn(action.leg, "answered"), (legId) => finishPlaying(engine, legId));
    case "agent":
    case "conference":
      return void world.waiting.push(actInService(bench, world.services, action));
    case "refer":
      return withLeg(legIn(action.leg, "answered"), (legId) => void engine.transferBlind(legId, action.to));
    case "referReplaces": {
      const other = legIn(action.other, "answered", "offered", "ringing", "early_media");
      return withLeg(legIn(action.leg, "answered"), (legId) =>
        withLeg(other, (target) => void engine.transferAttended(legId, target)),
      );
    }
    case "command":
      return command(world, action);
    case "pass":
      return scheduler.advance(action.ms);
    case "unregister":
    case "kill": {
      const phone = at(phones, action.phone);
      if (phone === undefined) return;
      bindings.delete(phone);
      engine.unregister(phone);
      if (action.do === "kill") {
        for (const leg of engine.legs()) if (leg.bindingId === phone) endAtPhone(bench, leg.legId);
      }
      return;
    }
    case "register":
      return register(action.number);
    case "crash":
      engine.crash();
      engine.recover();
      return;
  }
}

/** Offered legs are those of phones that called; what they show before the answer is the PBX's doing. */
function isPhone(direction: "offered" | "dialled", state: FakeLegState): boolean {
  return state === "answered" || state === "offered" || direction === "dialled";
}

function endAtPhone({ engine }: CallTestbench, legId: LegId): void {
  const leg = engine.leg(legId);
  if (leg === undefined || leg.state === "ended") return;
  if (leg.direction === "offered" || leg.state === "answered") engine.hangup(legId);
  else engine.reject(legId, "failed", 503);
}

function command({ bench, bindings, waiting, history }: World, wish: Command): void {
  const { calls, commands, as, extensions } = bench;
  const active = [...calls.registry.all()];
  const call = at(active.filter(fits(wish)), wish.call) ?? at(active, wish.call);
  const consultation = active.find(({ consultFor }) => consultFor !== undefined && consultFor === call?.callId);
  const other = wish.other % 4 === 0 ? at(active, wish.other) : consultation;
  const callId = call?.callId ?? at([...history.calls.keys()], wish.call) ?? "00000000-0000-7000-8000-00000000ffff";
  const consultCallId = other?.callId ?? callId;
  const parties = call === undefined ? [] : numbersIn(call);
  const by = at(wish.isParty && parties.length > 0 ? parties : [...partyNumbers], wish.by) ?? "200";
  const context: CommandContext = as(by, wish.rights);
  const extensionId = extensions.byNumber(by)?.id;
  const named = wish.rights === "all" && extensionId !== undefined ? { extensionId } : {};
  const destination = wish.to;
  const run = (): Promise<CommandOutcome<object>> => {
    switch (wish.name) {
      case "originate":
        return commands.originate({ from: by, to: destination, autoAnswer: wish.other % 2 === 0 }, context);
      case "transferBlind":
      case "redirect":
        return commands[wish.name]({ callId, destination, ...named }, context);
      case "consult":
        return commands.consult({ callId, to: destination, ...named }, context);
      case "transferAttended":
      case "cancelTransfer":
      case "swap":
        return commands[wish.name]({ callId, consultCallId, ...named }, context);
      case "pickupSlot":
        return commands.pickup({ parkingSlot: wish.call % 2 === 0 ? "701" : "702", ...named }, context);
      case "pickupCall":
        return commands.pickup({ callId, ...named }, context);
      case "monitor": {
        const whom = at(parties, wish.other) ?? by;
        const monitoredId = wish.other % 3 === 0 ? extensions.byNumber(whom)?.id : undefined;
        const mode = monitorModes[wish.other % monitorModes.length] ?? "listen";
        const supervisor = as(at([...bindings.values()], wish.by) ?? "200", "all");
        const more = monitoredId === undefined ? {} : { extensionId: monitoredId };
        return commands.monitor({ callId, mode, ...more }, supervisor);
      }
      case "monitorStop": {
        const [monitoring] = bench.monitors.ofCall(callId);
        const monitorId = wish.other % 2 === 0 ? monitoring?.monitorId : undefined;
        return commands.monitorStop({ callId, ...(monitorId !== undefined && { monitorId }) }, context);
      }
      case "attachData": {
        const data = { [`name${wish.call % 3}`]: wish.other % 4 === 0 ? null : wish.other };
        return commands.attachData({ callId, data, ...named }, context);
      }
      case "sendDtmf":
        return commands.sendDtmf({ callId, digits: "1", ...named }, context);
      default:
        return commands[wish.name]({ callId, ...named }, context);
    }
  };
  waiting.push(run().then((outcome) => checkOutcome(wish.name, outcome)));
}

/** The calls on which a command has something to do, most of the time. */
function fits({ name, call: pick }: Command): (call: Call, index: number, all: readonly Call[]) => boolean {
  if (pick % 4 === 0) return () => true;
  switch (name) {
    case "transferAttended":
    case "cancelTransfer":
    case "swap":
      return ({ callId }, _, all) => all.some(({ consultFor }) => consultFor === callId);
    case "answer":
    case "reject":
    case "redirect":
    case "pickupCall":
      return ({ stage }) => stage.at === "dialling";
    default:
      return ({ stage }) => stage.at === "connected";
  }
}

function checkOutcome(wish: Command["name"], outcome: CommandOutcome<object>): void {
  const name = wish === "pickupSlot" || wish === "pickupCall" ? "pickup" : wish;
  const definition = definitions[name];
  if (outcome.ok) {
    const parsed = definition.result.safeParse(outcome.data);
    if (!parsed.success) throw new Error(`the answer of ${name} is not as defined: ${parsed.error.message}`);
    return;
  }
  const codes: readonly string[] = [...definition.errors, ...commonErrors];
  if (!codes.includes(outcome.error.code)) throw new Error(`[W6] ${name} does not name ${outcome.error.code}`);
}

function numbersIn({ caller, callee }: Call): readonly string[] {
  return [caller, callee].flatMap(({ extensionId, number }) => (extensionId === undefined ? [] : [number]));
}

/** Everybody hangs up, all times run out: then nothing is left. */
async function finish(
  bench: CallTestbench,
  services: RandomServices,
  bindings: ReadonlyMap<BindingId, string>,
  waiting: readonly Promise<void>[],
): Promise<void> {
  const { engine, scheduler, calls, settle } = bench;
  await services.logoutAll();
  for (let round = 0; round < 20 && engine.usage().legs > 0; round += 1) {
    for (const { legId } of engine.legs()) endAtPhone(bench, legId);
    await settle();
  }
  scheduler.advance(60_000);
  await settle();
  await Promise.all(waiting);
  for (const bindingId of bindings.keys()) engine.unregister(bindingId);
  // Who is still to be called back is given up.
  if (services.acd.service.callbacks.all().length > 0) scheduler.advance(callbackExpiryMs);
  await settle();
  await services.stop();
  const { legs, bridges, playbacks } = engine.usage();
  const left = {
    legs,
    bridges,
    playbacks,
    calls: calls.registry.size,
    monitors: bench.monitors.size,
    ...services.left(),
    timers: scheduler.pending(),
  };
  if (Object.values(left).some((count) => count > 0)) throw new Error(`left over: ${JSON.stringify(left)}`);
}

/** A client that joins at any time has the same state as one that was there from the beginning ([W26]). */
function checkFold(all: readonly AnyEvent[]): void {
  const snapshot = (tables: Tables, seq: number) => snapshotFromTables(tables, { epoch: "e", seq, scope: ["calls"] });
  const cuts = new Set([0.2, 0.5, 0.8].map((share) => Math.floor(all.length * share)));
  const joined: Tables[] = [];
  const tables = emptyTables();
  for (const [index, event] of all.entries()) {
    if (cuts.has(index)) joined.push(tablesFromSnapshot(JSON.parse(JSON.stringify(snapshot(tables, index)))));
    for (const each of [tables, ...joined]) commit(each, reduce(each, event));
    if (joined.length === 0 || (index % 7 !== 0 && index !== all.length - 1)) continue;
    const now = JSON.stringify(snapshot(tables, index));
    for (const each of joined) {
      if (JSON.stringify(snapshot(each, index)) !== now) throw new Error(`[W26] folds differ after event ${index}`);
    }
  }
}
