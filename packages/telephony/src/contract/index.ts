import { afterEach, beforeEach, describe } from "vitest";
import { testAudio } from "./audio.ts";
import { testBindings } from "./bindings.ts";
import { testBridges } from "./bridges.ts";
import { testConnectedParty } from "./connected-party.ts";
import { ContractWorld } from "./contract-world.ts";
import { testDialledLegs } from "./dialled-legs.ts";
import type { ContractHarness } from "./harness.ts";
import { testLife } from "./life.ts";
import { testMixedBridges } from "./mixed-bridges.ts";
import { testOfferedLegs } from "./offered-legs.ts";
import { testRecordings } from "./recordings.ts";
import { testRefusedOperations } from "./refused-operations.ts";
import { testRemoteControl } from "./remote-control.ts";
import { testTrunks } from "./trunks.ts";
import { testWatching } from "./watching.ts";

export type {
  ContractCall,
  ContractCarrier,
  ContractCarrierCall,
  ContractHarness,
  ContractPhone,
  ContractPhoneTraits,
  ContractRecording,
  ContractSight,
  ContractWatch,
} from "./harness.ts";

const sections = {
  "offered legs": testOfferedLegs,
  "dialled legs": testDialledLegs,
  "bridges and media": testBridges,
  audio: testAudio,
  "mixed bridges": testMixedBridges,
  recordings: testRecordings,
  "remote control": testRemoteControl,
  "connected party": testConnectedParty,
  bindings: testBindings,
  watching: testWatching,
  trunks: testTrunks,
  "refused operations": testRefusedOperations,
  life: testLife,
} as const;

export type ContractSection = keyof typeof sections;

/**
 * Declares the tests that every engine has to pass, in vitest.
 * @param makeHarness makes a fresh engine with phones for each test
 * @param only a selection of sections, for a further transport of an engine that passes all of them on another
 */
export function describeEngineContract(
  name: string,
  makeHarness: () => Promise<ContractHarness>,
  only?: readonly ContractSection[],
): void {
  describe(`engine contract: ${name}`, () => {
    let world: ContractWorld;
    beforeEach(async () => {
      world = await ContractWorld.create(await makeHarness());
    });
    afterEach(async () => {
      await world.close();
    });
    for (const [title, declare] of Object.entries(sections)) {
      if (only === undefined || only.some((section) => section === title)) describe(title, () => declare(() => world));
    }
  });
}
