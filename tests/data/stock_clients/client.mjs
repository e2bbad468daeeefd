// Two trigger calls and a new tenant, with Node's fetch as it comes.
const [trigger, token, tenants] = process.argv.slice(2);

async function post(url, body) {
  const headers = { "Content-Type": "application/json", "X-API-TOKEN": token };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  console.log(await response.text(), response.status);
}

await post(trigger, { client: "node" });
await post(trigger, { client: "node" });
await post(tenants, { clock: "virtual" });
