/** What the firm calls those it serves, as the sentences of a page need it. */
export function wordsOf({ clientWord: client }: { clientWord: 'client' | 'customer' }) {
  const Client = client.charAt(0).toUpperCase() + client.slice(1);
  return { client, Client, clients: `${client}s`, Clients: `${Client}s` };
}
