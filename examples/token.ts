// An access token for trying things out: node examples/token.ts <e-mail> <password>
const { PBX_URL: url = "http://127.0.0.1:8080" } = process.env;
const [email, password] = process.argv.slice(2);

const answer = await fetch(`${url}/api/v1/auth/login`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ email, password }),
});
if (!answer.ok) throw new Error(`The log-in was refused (${answer.status}).`);
const { tokens } = (await answer.json()) as { readonly tokens: { readonly accessToken: string } };
console.log(tokens.accessToken);
