import { brandId, type EngineConfiguration, type ExtensionId, type TrunkConfiguration } from "@pbx-x/telephony";
import type { Extension, ExtensionChange, ExtensionDirectory, ExtensionSecret } from "./extension.ts";

/** Devices of one extension that may be registered at a time. */
const maxBindings = 10;

/** What the engine knows of an extension, besides its secrets. */
function toldOf({ number, displayName, codecPreferences }: Extension) {
  return { number, displayName, codecPreferences };
}

/** Whether a change is one that the engine has to know; do not disturb and forwarding, which change often, are not. */
export function concernsEngine({ before, after, isSecretNew = false }: ExtensionChange): boolean {
  return isSecretNew || JSON.stringify(before && toldOf(before)) !== JSON.stringify(after && toldOf(after));
}

/** What the engine has to know of the extensions and trunks. */
export function engineConfiguration(
  realm: string,
  extensions: ExtensionDirectory,
  trunks: readonly TrunkConfiguration[],
  deviceSecrets: ReadonlyMap<string, readonly ExtensionSecret[]> = new Map(),
): EngineConfiguration {
  return {
    realm,
    trunks,
    extensions: extensions.all().flatMap((extension) => {
      const { id } = extension;
      const secret = extensions.secretOf(id);
      if (secret === undefined) return [];
      const ofDevices = deviceSecrets.get(id);
      return [
        {
          extensionId: brandId<ExtensionId>(id),
          ...toldOf(extension),
          secret,
          ...(ofDevices !== undefined && { deviceSecrets: ofDevices }),
          maxBindings,
        },
      ];
    }),
  };
}
