import type { LogAbout } from './log.svelte.ts';

interface ClientName {
  id: number;
  name: string;
  number: string;
  /** Left out where only visible ones are named. */
  visible?: boolean;
}
interface Work {
  id: number;
  number: string;
  client: ClientName | null;
}
interface PageData {
  client?: ClientName;
  query?: Work & { subject: string };
  request?: Work & { type: { name: string } };
  lead?: Work & { name: string };
  interaction?: { client: ClientName | null };
}

const withClient = (client: ClientName | null | undefined): LogAbout =>
  client && client.visible !== false ? { clientId: client.id, clientLabel: client.name } : {};

/** Whom and what a page is about, for a conversation logged from it: nothing where it is about nobody. */
export function aboutPage(routeId: string | null, data: object): LogAbout {
  const { client, query, request, lead, interaction } = data as PageData;
  const on = (folder: string) => routeId?.startsWith(`/(app)/${folder}/[id=id]`) ?? false;
  if (on('clients')) return withClient(client);
  if (on('interactions')) return withClient(interaction?.client);
  if (on('queries') && query) return aboutQuery(query);
  if (on('requests') && request) {
    const about = withClient(request.client);
    const label = `${request.number} ${request.type.name}`;
    return about.clientId ? { ...about, requestId: request.id, labels: { request: label } } : {};
  }
  if (on('leads') && lead) {
    const about = withClient(lead.client);
    return about.clientId
      ? { ...about, leadId: lead.id, labels: { lead: `${lead.number} ${lead.name}` } }
      : {};
  }
  return {};
}

/** A conversation about a query is most often its resolution. */
function aboutQuery({ id, number, subject, client }: NonNullable<PageData['query']>): LogAbout {
  const about = withClient(client);
  if (!about.clientId) return {};
  return { ...about, queryId: id, purpose: 'query_resolution', labels: { query: `${number} ${subject}` } };
}

/** Where something said with the lead of this page is logged, as long as it is no client; null elsewhere. */
export function leadStep(routeId: string | null, data: object): string | null {
  const { lead } = data as { lead?: { id: number; client: unknown; can: { contact: boolean } } };
  const isLead = routeId?.startsWith('/(app)/leads/[id=id]') ?? false;
  return isLead && lead?.can.contact && !lead.client ? `/leads/${lead.id}?step=contact` : null;
}
