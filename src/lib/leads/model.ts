import { inScope, type Actor, type Permission } from '#lib/platform/auth/permissions.ts';
import { possibleActions, statusAfter, type Transition } from '#lib/platform/transitions.ts';

export const LEAD_STATUSES = ['new', 'wip', 'converted', 'denied'] as const;
export const LEAD_MODES = ['call', 'mail', 'whatsapp'] as const;

/** Still to be converted or denied. */
export const OPEN_STATUSES = ['new', 'wip'] as const;
/** A lead that a portfolio review opened for a client we have. */
export const LEAD_OPPORTUNITIES = ['cross_sell', 'upsell'] as const;

export type LeadStatus = (typeof LEAD_STATUSES)[number];
export type LeadMode = (typeof LEAD_MODES)[number];
export type LeadOpportunity = (typeof LEAD_OPPORTUNITIES)[number];
export type LeadAction = 'assign' | 'work' | 'convert' | 'deny' | 'reopen';

export const LEAD_STATUS_LABELS: Record<LeadStatus, string> = {
  new: 'New',
  wip: 'In progress',
  converted: 'Converted',
  denied: 'Denied'
};

export const LEAD_MODE_LABELS: Record<LeadMode, string> = {
  call: 'Call',
  mail: 'E-mail',
  whatsapp: 'WhatsApp'
};

export const LEAD_OPPORTUNITY_LABELS: Record<LeadOpportunity, string> = {
  cross_sell: 'Cross-sell',
  upsell: 'Upsell'
};

export const LEAD_ACTION_LABELS: Record<LeadAction, string> = {
  assign: 'Assign',
  work: 'Edit',
  convert: 'Convert',
  deny: 'Deny',
  reopen: 'Reopen'
};

export const LEAD_TRANSITIONS: readonly Transition<LeadStatus, LeadAction>[] = [
  { action: 'assign', from: ['new', 'wip'], to: 'wip' },
  { action: 'work', from: ['new', 'wip'], to: 'wip' },
  { action: 'convert', from: ['new', 'wip'], to: 'converted' },
  { action: 'deny', from: ['new', 'wip'], to: 'denied' },
  { action: 'reopen', from: ['denied'], to: 'wip', byHead: true }
];

export const LEAD_PERMISSIONS = {
  assign: 'leads.assign',
  work: 'leads.edit',
  convert: 'leads.convert',
  deny: 'leads.deny',
  reopen: 'leads.reopen'
} as const satisfies Record<LeadAction, Permission>;

/** As the database writes it. */
export const leadNumber = (id: number) => `LD-${String(id).padStart(6, '0')}`;

interface Mover {
  level: number;
}

/** As people type it: `125000`, not `125000.00`. */
export const plainAmount = (amount: string | null) => amount?.replace(/\.00$/, '') ?? null;

/** The status after the action; throws RuleViolation where it is not possible. */
export const leadStatusAfter = (
  action: LeadAction,
  status: LeadStatus,
  mover: Mover,
  noun = 'lead'
): LeadStatus =>
  statusAfter(LEAD_TRANSITIONS, action, status, mover, {
    noun,
    statuses: LEAD_STATUS_LABELS,
    actions: LEAD_ACTION_LABELS
  });

export interface LeadOwners {
  status: LeadStatus;
  conversionRmId: number | null;
  teamId: number | null;
}

/** A lead is its conversion RM's; until there is one, it is with the heads of the team it waits with. */
export function mayOnLead(actor: Actor, permission: Permission, lead: LeadOwners): boolean {
  const { conversionRmId, teamId } = lead;
  const waiting = conversionRmId === null && teamId !== null && actor.headedTeamIds.includes(teamId);
  return inScope(actor, permission, { userIds: [conversionRmId], teamIds: waiting ? [teamId] : [] });
}

/** What the actor can do with the lead right now: the buttons of its page. */
export function leadFlags(actor: Actor, lead: LeadOwners) {
  const possible = possibleActions(LEAD_TRANSITIONS, lead.status, actor);
  const can = (action: LeadAction) =>
    possible.includes(action) && mayOnLead(actor, LEAD_PERMISSIONS[action], lead);
  return {
    edit: can('work'),
    /** From new to in progress: it needs its RM first. */
    start: lead.status === 'new' && lead.conversionRmId !== null && can('work'),
    followUp: can('work'),
    contact: can('work'),
    assign: can('assign'),
    convert: can('convert'),
    deny: can('deny'),
    reopen: can('reopen')
  };
}

export const FOLLOW_UP_DUE = ['overdue', 'today', 'week', 'none'] as const;

export type FollowUpDue = (typeof FOLLOW_UP_DUE)[number];

/** To be called: the first call that was promised, or the follow-up that was agreed. */
export const LEAD_PROMISES = ['overdue', 'today'] as const;
export type LeadPromise = (typeof LEAD_PROMISES)[number];

/** Days since a lead was entered, offered as a filter. */
export const AGES = ['7', '30', '90'] as const;
