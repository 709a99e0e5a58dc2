/** Text in English and German, side by side so that neither can be missing. `{name}` is filled in. */
export type WordTable = Readonly<Record<string, readonly [english: string, german: string]>>;
