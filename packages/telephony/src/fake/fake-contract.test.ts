import { describeEngineContract } from "../contract/index.ts";
import { createFakeContractHarness } from "./fake-contract-harness.ts";

describeEngineContract("fake", createFakeContractHarness);
