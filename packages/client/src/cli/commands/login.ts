import { parseArgs } from "node:util";
import { askPassword } from "../ask-password.ts";
import { deleteCredentials, readCredentials, writeCredentials } from "../credentials.ts";
import { Failure } from "../failure.ts";
import { askTokens, endLogin } from "../rest.ts";

export async function login(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: "string", default: env["PBXX_URL"] ?? "http://localhost:8080" },
      email: { type: "string" },
    },
  });
  const { email } = values;
  if (email === undefined) throw new Failure("Which user? Give --email <address>.", 2);
  const url = URL.canParse(values.url) ? new URL(values.url).origin : undefined;
  if (url === undefined) throw new Failure(`"${values.url}" is not an address like http://localhost:8080.`, 2);
  const password = env["PBXX_PASSWORD"] ?? (await askPassword(`Password of ${email}: `));
  const tokens = await askTokens(url, "login", { email, password });
  const file = await writeCredentials(env, { url, email, ...tokens });
  console.log(`Logged in to ${url} as ${email}. Kept in ${file}; "logout" ends it.`);
}

export async function logout(_args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const credentials = await readCredentials(env);
  await endLogin(credentials);
  await deleteCredentials(env);
  console.log(`Logged out of ${credentials.url}.`);
}
