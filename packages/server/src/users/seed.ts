import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Role } from "@pbx-x/protocol";
import { hashPassword } from "../auth/passwords.ts";
import { defaultExtension } from "../extensions/default-extension.ts";
import type { ExtensionService } from "../extensions/extension-service.ts";
import { generatePassword } from "../extensions/sip-secret.ts";
import type { NewId } from "../ids.ts";
import { demoTrunk } from "../trunks/default-trunk.ts";
import type { TrunkService } from "../trunks/trunk-service.ts";
import type { UserStore } from "./user-store.ts";

export interface SeedOptions {
  readonly kind: "demo" | "empty";
  readonly dataDir: string;
  readonly admin: { readonly email: string; readonly password?: string | undefined };
  readonly users: UserStore;
  readonly extensions: ExtensionService;
  readonly trunks: Pick<TrunkService, "create">;
  readonly newId: NewId;
}

const people: readonly { name: string; email: string; number: string; role: Role }[] = [
  { name: "Anna Schmidt", email: "anna.schmidt@pbx-x.example", number: "200", role: "agent" },
  { name: "Lisa Weber", email: "lisa.weber@pbx-x.example", number: "201", role: "agent" },
  { name: "Tom Müller", email: "tom.mueller@pbx-x.example", number: "202", role: "user" },
  { name: "Max Mustermann", email: "max.mustermann@pbx-x.example", number: "100", role: "supervisor" },
];

/**
 * Fills an empty database ([R12]). Returns the text with the generated passwords, kept in `first-start.txt`; undefined when it
 * is filled. The administrator comes last and says so: a first start that was broken off is completed by the next one, and
 * whoever is there already gets a password from the administrator.
 */
export async function seed({
  kind,
  dataDir,
  admin,
  users,
  extensions,
  trunks,
  newId,
}: SeedOptions): Promise<string | undefined> {
  const known = await users.all();
  if (known.some(({ role }) => role === "admin")) return undefined;
  const logins: string[] = [];
  const phones: string[] = [];
  for (const { name, email, number, role } of kind === "demo" ? people : []) {
    if (known.some((user) => user.email === email) || extensions.byNumber(number) !== undefined) continue;
    const userId = newId();
    const [password, sipPassword] = [generatePassword(16), generatePassword()];
    await users.insert(
      { id: userId, email, displayName: name, role, isActive: true, grantedPermissions: [] },
      await hashPassword(password),
    );
    await extensions.create(defaultExtension(newId(), number, name, userId), sipPassword);
    logins.push(`${email}  ${password}`);
    phones.push(`${number}  ${sipPassword}`);
  }
  if (kind === "demo" && known.length === 0) await trunks.create(demoTrunk(newId()));
  const password = admin.password ?? generatePassword(16);
  logins.unshift(`${admin.email}  ${admin.password === undefined ? password : "(as given)"}`);
  const text = [
    "PBX-X: first start. Change these passwords, then delete this file.",
    "",
    "Log in with e-mail and password:",
    ...logins,
    ...(phones.length === 0 ? [] : ["", "Phones: SIP user name and password:", ...phones]),
    "",
  ].join("\n");
  await writeFile(join(dataDir, "first-start.txt"), text, { mode: 0o600 });
  await users.insert(
    {
      id: newId(),
      email: admin.email,
      displayName: "Administrator",
      role: "admin",
      isActive: true,
      grantedPermissions: [],
    },
    await hashPassword(password),
  );
  return text;
}
