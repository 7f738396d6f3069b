import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { endAllSessions, expectLink, LINK_TOKEN, withdrawLinks } from '#lib/platform/auth/links.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { baseUrl } from '#lib/platform/config.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { layoutMail } from '#lib/platform/mail/layout.ts';
import { queueMail } from '#lib/platform/mail/outbox.server.ts';
import { personToAdminister, type Person } from './person.server.ts';

interface Addressee {
  id: number;
  name: string;
  email: string;
}

const LETTERS = {
  invitation: {
    subject: (firm: string) => `Your account at ${firm}`,
    paragraph: (firm: string) =>
      `${firm} keeps its client work in Rapport, and an account has been made for you. Choose a password to come in.`,
    label: 'Choose your password',
    footer: 'The link works once and for seven days. If it has run out, ask your administrator for another.'
  },
  reset: {
    subject: (firm: string) => `A new password for ${firm}`,
    paragraph: (firm: string) =>
      `Somebody who looks after the users of ${firm} has asked for this link. Your present password works until you choose another.`,
    label: 'Choose a new password',
    footer: 'The link works once and for seven days. If you did not expect it, tell your administrator.'
  }
};

async function firmName(tx: Tx): Promise<string> {
  const [firm] = await tx.execute<{ name: string }>(sql`select name from firm_settings`);
  return firm?.name ?? 'Rapport';
}

/** Has a one-time link mailed; the link is made when the mail is sent, and an earlier one ends with it. */
export async function sendLink(tx: Tx, to: Addressee, kind: 'invitation' | 'reset'): Promise<void> {
  const firm = await firmName(tx);
  const { subject, paragraph, label, footer } = LETTERS[kind];
  const key = `${kind}:${to.id}:${randomUUID()}`;
  const content = layoutMail({
    title: `Welcome, ${to.name}`,
    ...(kind === 'reset' ? { title: `Hello, ${to.name}` } : {}),
    paragraphs: [paragraph(firm), `You sign in as ${to.email}.`],
    link: { label, url: `${baseUrl()}/invite/${LINK_TOKEN}` },
    footer
  });
  await expectLink(tx, to.id, key);
  await queueMail(tx, { key, userId: to.id, to: to.email, subject: subject(firm), kind, ...content });
}

/** Tells the address somebody signed in with until now that it is another from now on. */
export async function tellOfNewAddress(tx: Tx, to: Addressee, now: string, by: string): Promise<void> {
  const firm = await firmName(tx);
  const content = layoutMail({
    title: `Hello, ${to.name}`,
    paragraphs: [
      `${by} changed the address you sign in with at ${firm}: from now on it is ${now}.`,
      'Your password stays as it is. If you did not expect this, tell your administrator at once.'
    ]
  });
  const mail = {
    userId: to.id,
    to: to.email,
    subject: `Your address at ${firm} was changed`,
    kind: 'address'
  };
  await queueMail(tx, { key: `address:${to.id}:${randomUUID()}`, ...mail, ...content });
}

/** Sends somebody who has no password yet a link, again where he had one. */
export async function invite(tx: Tx, actor: Actor, id: number): Promise<void> {
  const person = await reachable(tx, actor, id);
  if (person.account?.passwordSetAt)
    throw new RuleViolation(`${person.name} has a password. Send a link to choose a new one instead`);
  await sendLink(tx, person, 'invitation');
}

/** Takes back the link somebody was sent, or is about to be. */
export async function withdrawInvitation(tx: Tx, actor: Actor, id: number): Promise<void> {
  const person = await personToAdminister(tx, actor, id);
  if (!person.account?.invitationMail && !person.account?.invitationExpiresAt)
    throw new RuleViolation(`There is no link of ${person.name} to withdraw`);
  await withdrawLinks(tx, id);
}

/** Sends somebody who has a password a link to choose another; nobody sees either of them. */
export async function resetPassword(tx: Tx, actor: Actor, id: number): Promise<void> {
  if (id === actor.userId) throw new RuleViolation('Change your own password in your profile');
  const person = await reachable(tx, actor, id);
  if (!person.account?.passwordSetAt)
    throw new RuleViolation(`${person.name} has no password yet. Send the invitation again instead`);
  await sendLink(tx, person, 'reset');
}

/** Signs somebody out everywhere, in the moment this is stored. */
export async function endSessions(tx: Tx, actor: Actor, id: number): Promise<void> {
  await personToAdminister(tx, actor, id);
  await endAllSessions(tx, id);
}

async function reachable(tx: Tx, actor: Actor, id: number): Promise<Person & { email: string }> {
  const person = await personToAdminister(tx, actor, id);
  if (!person.active) throw new RuleViolation(`${person.name} is deactivated. Reactivate first`);
  if (!person.email) throw new Error('A user has no profile');
  return { ...person, email: person.email };
}
