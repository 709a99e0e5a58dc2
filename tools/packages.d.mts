export const published: readonly string[];
export function compile(name: string, outDir?: string, ...options: readonly string[]): void;
export function stage(name: string, into: string): void;
