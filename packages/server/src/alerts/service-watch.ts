import type { TelephonyEvent } from "@pbx-x/telephony";
import type { AlertDesk, Standing } from "./alert-desk.ts";

/** Tells when the engine lost its calls, and when it works again ([U5]). */
export class ServiceWatch {
  readonly #tell: (standing: Standing) => void;

  constructor(desk: Pick<AlertDesk, "watch">) {
    this.#tell = desk.watch({ category: "service" });
  }

  onTelephony(event: TelephonyEvent): void {
    if (event.type === "engineLost")
      this.#tell({ severity: "critical", message: `The engine lost all its calls: ${event.detail}` });
    if (event.type === "engineRecovered") this.#tell({ severity: "info", message: "The engine works again" });
  }
}
