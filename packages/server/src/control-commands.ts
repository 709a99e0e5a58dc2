import { type CallCommandOptions, createCallCommands } from "./calls/call-commands.ts";
import { auditControl, type ControlAuditOptions } from "./calls/control-audit.ts";
import { createParkingCommands, type ParkingCommandOptions } from "./parking/parking-commands.ts";

/** Everything that controls calls, with its audit ([C73]). */
export function createControlCommands(
  options: CallCommandOptions & ParkingCommandOptions & Pick<ControlAuditOptions, "audit">,
) {
  return auditControl({ ...createCallCommands(options), ...createParkingCommands(options) }, options);
}
