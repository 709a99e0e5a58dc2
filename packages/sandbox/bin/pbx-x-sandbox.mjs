#!/usr/bin/env node
import { existsSync } from "node:fs";

// Compiled where it was installed, the sources in the repository.
const compiled = new URL("../dist/main.js", import.meta.url);
const source = new URL("../src/main.ts", import.meta.url);
await import(existsSync(source) ? source.href : compiled.href);
