import { MAIL_STATES, type MailState } from '#lib/platform/mail/states.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const asked = url.searchParams.get('state');
  const state = MAIL_STATES.find((one): one is MailState => one === asked);
  const cursor = url.searchParams.get('cursor') ?? undefined;
  return { state, mails: await locals.api.admin.outbox.list({ filter: { state }, cursor }) };
};
