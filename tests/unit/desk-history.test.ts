import { describe, expect, it } from 'vitest';
import { inWords } from '#lib/desk/history.ts';

const names = { 'rm_id:7': 'Kavya Nair', 'assignee_id:8': 'Imran Sheikh', 'team_id:3': 'Operations' };
const change = (oldValues: Record<string, unknown>, newValues: Record<string, unknown>) =>
  inWords({ action: 'update', oldValues, newValues }, names);

describe('the history of a query or a request', () => {
  it.each([
    [{ status: 'pending', assignee_id: null }, { status: 'in_progress', assignee_id: 8 }, 'started it'],
    [{ status: 'open' }, { status: 'resolved' }, 'resolved it'],
    [{ status: 'resolved' }, { status: 'closed' }, 'closed it'],
    [{ status: 'closed' }, { status: 'in_progress' }, 'reopened it'],
    [{ status: 'in_progress' }, { status: 'rejected' }, 'rejected it'],
    [{ rm_id: 1 }, { rm_id: 7 }, 'assigned it to Kavya Nair'],
    [{ assignee_id: 8 }, {}, 'put it back into the queue'],
    [{ waiting_on: null }, { waiting_on: 'client' }, 'let it wait'],
    [{ waiting_on: 'client', waiting_why: 'Form' }, {}, 'resumed it'],
    [{ details: 'a' }, { details: 'b' }, undefined]
  ])('says what happened from %o to %o', (before, after, title) => {
    expect(change(before, after).title).toBe(title);
  });

  it('says so where the policy did it', () => {
    const byPolicy = (oldValues: Record<string, unknown>, newValues: Record<string, unknown>) =>
      inWords({ action: 'update', oldValues, newValues, actor: null }, names).title;
    expect(byPolicy({ rm_id: 1 }, { rm_id: 7 })).toBe('assigned it to Kavya Nair, as the policy says');
    expect(byPolicy({ priority: 'low' }, { priority: 'normal' })).toBe(
      'raised the priority, as the policy says'
    );
    expect(byPolicy({ status: 'open' }, { status: 'resolved' })).toBe('resolved it');
  });

  it('has values in people’s words, ids by name, and nothing the database keeps for itself', () => {
    const { oldValues, newValues } = change(
      { team_id: null, priority: 'low', client_id: 4, started_at: 'x' },
      { team_id: 3, priority: 'urgent', client_id: 5, started_at: 'y' }
    );
    expect(oldValues).toEqual({ Team: null, Priority: 'Low' });
    expect(newValues).toEqual({ Team: 'Operations', Priority: 'Urgent' });
  });

  it('names the steps and fields that changed, and only those', () => {
    const step = (label: string, done: boolean) => ({ label, done });
    const field = (label: string, value: string) => ({ key: label, label, value });
    const entry = change(
      {
        checklist: [step('Form', false), step('KYC', true)],
        fields: [field('Folio', '1'), field('IFSC', 'A')]
      },
      {
        checklist: [step('Form', true), step('KYC', true)],
        fields: [field('Folio', '2'), field('IFSC', 'A')]
      }
    );
    expect(entry.title).toBe('worked on the checklist');
    expect(entry.newValues).toEqual({ Form: 'done', Folio: '2' });
    expect(entry.oldValues).toEqual({ Form: 'to do', Folio: '1' });
  });
});
