import { startBaresip, type Baresip, type BaresipOptions } from "./baresip.ts";
import type { World } from "./world.ts";

/** Starts a registered baresip for an extension and waits until the socket has told so. */
export async function registeredBaresip(
  world: World,
  number: string,
  options: Partial<Omit<BaresipOptions, "number" | "password" | "pbx">> = {},
): Promise<Baresip> {
  const seen = world.cti.events.length;
  const phone = await startBaresip({
    ...world.user(number),
    pbx: world.pbx[options.transport ?? "udp"],
    ...options,
  });
  await world.cti.waitFor(
    "EXTENSION_REGISTERED",
    (event) => event.data["number"] === number && world.cti.events.indexOf(event) >= seen,
  );
  return phone;
}
