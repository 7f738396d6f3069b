import { describe, expect, it } from 'vitest';
import { aboutPage } from '#lib/interactions/about-page.ts';
import { subjectFor } from '#lib/interactions/model.ts';
import { monthsLater } from '#lib/reviews/model.ts';

describe('what a conversation is called', () => {
  it('is its subject, else its first line, else its channel', () => {
    expect(subjectFor('call', { subject: '  About fees ', body: 'x' })).toBe('About fees');
    expect(subjectFor('call', { subject: ' ', body: '\n Fees again\nand more' })).toBe('Fees again');
    expect(subjectFor('in_person', {})).toBe('Meeting');
    expect(subjectFor('whatsapp', { body: ' ' })).toBe('WhatsApp');
    const long = subjectFor('call', { body: 'word '.repeat(100) });
    expect(long.length).toBeLessThanOrEqual(120);
    expect(long.endsWith('word…')).toBe(true);
  });
});

describe('the next review by cadence', () => {
  it('stays in the month where the day is missing', () => {
    expect(monthsLater('2026-01-31', 1)).toBe('2026-02-28');
    expect(monthsLater('2026-08-31', 6)).toBe('2027-02-28');
    expect(monthsLater('2027-11-15', 12)).toBe('2028-11-15');
    expect(monthsLater('nonsense', 1)).toBeNull();
  });
});

describe('whom a page is about', () => {
  const client = { id: 3, name: 'Asha', number: 'CL-000003' };

  it('is its client, and the work with the client', () => {
    expect(aboutPage('/(app)/clients/[id=id]', { client })).toEqual({ clientId: 3, clientLabel: 'Asha' });
    expect(aboutPage('/(app)/clients/[id=id]/edit', { client })).toMatchObject({ clientId: 3 });
    const query = { id: 7, number: 'QR-000007', subject: 'Why?', client: { ...client, visible: true } };
    expect(aboutPage('/(app)/queries/[id=id]', { query })).toEqual({
      clientId: 3,
      clientLabel: 'Asha',
      queryId: 7,
      purpose: 'query_resolution',
      labels: { query: 'QR-000007 Why?' }
    });
    const lead = { id: 9, number: 'LD-000009', name: 'Asha', client };
    expect(aboutPage('/(app)/leads/[id=id]', { lead })).toMatchObject({ clientId: 3, leadId: 9 });
  });

  it('is nobody where the client is hidden or there is none', () => {
    const hidden = {
      id: 7,
      number: 'SR-000007',
      type: { name: 'KYC' },
      client: { ...client, visible: false }
    };
    expect(aboutPage('/(app)/requests/[id=id]', { request: hidden })).toEqual({});
    expect(
      aboutPage('/(app)/leads/[id=id]', { lead: { id: 1, number: 'x', name: 'x', client: null } })
    ).toEqual({});
    expect(aboutPage('/(app)/clients', { clients: [] })).toEqual({});
    expect(aboutPage(null, {})).toEqual({});
  });
});
