import type { EngineConfiguration, ExtensionConfiguration } from "@pbx-x/telephony";

/** The extensions as last configured, for looking up at each request. */
export class Directory {
  #realm = "pbx-x";
  #byNumber = new Map<string, ExtensionConfiguration>();
  #byId = new Map<string, ExtensionConfiguration>();

  get realm(): string {
    return this.#realm;
  }

  byNumber(number: string): ExtensionConfiguration | undefined {
    return this.#byNumber.get(number);
  }

  byId(id: string): ExtensionConfiguration | undefined {
    return this.#byId.get(id);
  }

  /** Returns the extensions that are gone. */
  replace({ realm, extensions }: EngineConfiguration): readonly ExtensionConfiguration[] {
    const before = this.#byId;
    this.#realm = realm;
    this.#byNumber = new Map(extensions.map((extension) => [extension.number, extension]));
    this.#byId = new Map(extensions.map((extension) => [extension.extensionId, extension]));
    return [...before.values()].filter(({ extensionId, number }) => this.#byId.get(extensionId)?.number !== number);
  }
}
