import ArrowRightLeft from '@lucide/svelte/icons/arrow-right-left';
import ChartColumn from '@lucide/svelte/icons/chart-column';
import Activity from '@lucide/svelte/icons/activity';
import CalendarDays from '@lucide/svelte/icons/calendar-days';
import ClipboardList from '@lucide/svelte/icons/clipboard-list';
import CopyCheck from '@lucide/svelte/icons/copy-check';
import House from '@lucide/svelte/icons/house';
import KeyRound from '@lucide/svelte/icons/key-round';
import ListChecks from '@lucide/svelte/icons/list-checks';
import ListOrdered from '@lucide/svelte/icons/list-ordered';
import Mails from '@lucide/svelte/icons/mails';
import MessageCircleQuestionMark from '@lucide/svelte/icons/message-circle-question-mark';
import MessagesSquare from '@lucide/svelte/icons/messages-square';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Settings from '@lucide/svelte/icons/settings';
import Package from '@lucide/svelte/icons/package';
import UserCog from '@lucide/svelte/icons/user-cog';
import UserRoundPlus from '@lucide/svelte/icons/user-round-plus';
import Timer from '@lucide/svelte/icons/timer';
import Users from '@lucide/svelte/icons/users';
import UsersRound from '@lucide/svelte/icons/users-round';
import type { Component } from 'svelte';
import type { Grants, Permission } from '#lib/platform/auth/permissions.ts';

export interface Frame {
  grants: Grants;
  firm: { clientWord: 'client' | 'customer' };
  counts: { leads: number; queries: number; requests: number; notifications: number };
}

export interface Module {
  label: string;
  href: string;
  icon: Component;
  /** What waits for this person there. */
  waiting?: number;
}

export interface Section {
  title: string | null;
  modules: Module[];
}

interface Gated extends Module {
  permission?: Permission;
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** Those who look after users see all of it there, heads their people, the others the profile in the corner. */
function peopleFor(grants: Grants): Gated[] {
  if (grants['admin.users']) return [{ label: 'Users', href: '/admin/users', icon: UserCog }];
  const leads = grants['people.view'] === 'team' || grants['people.view'] === 'all';
  return leads ? [{ label: 'Colleagues', href: '/admin/users', icon: UserCog }] : [];
}

/** The modules this person may use, in the order of the sidebar. */
export function sectionsFor({ grants, firm, counts }: Frame): Section[] {
  const clients = `${capital(firm.clientWord)}s`;
  const work: Gated[] = [
    { label: 'Home', href: '/', icon: House },
    { label: 'Leads', href: '/leads', icon: UserRoundPlus, permission: 'leads.view', waiting: counts.leads },
    { label: clients, href: '/clients', icon: Users, permission: 'clients.view' },
    { label: 'Duplicates', href: '/duplicates', icon: CopyCheck, permission: 'clients.assign' },
    { label: 'Interactions', href: '/interactions', icon: MessagesSquare, permission: 'interactions.view' },
    {
      label: 'Queries',
      href: '/queries',
      icon: MessageCircleQuestionMark,
      permission: 'queries.view',
      waiting: counts.queries
    },
    {
      label: 'Requests',
      href: '/requests',
      icon: ClipboardList,
      permission: 'requests.view',
      waiting: counts.requests
    },
    { label: 'Catalogue', href: '/catalogue', icon: Package, permission: 'catalogue.view' },
    { label: 'Reports', href: '/reports', icon: ChartColumn, permission: 'reports.view' }
  ];
  const administration: Gated[] = [
    { label: 'Handovers', href: '/handovers', icon: ArrowRightLeft, permission: 'clients.handover' },
    ...peopleFor(grants),
    { label: 'Teams', href: '/admin/teams', icon: UsersRound, permission: 'admin.teams' },
    { label: 'Roles', href: '/admin/roles', icon: KeyRound, permission: 'admin.roles' },
    { label: 'Lists', href: '/admin/lists', icon: ListOrdered, permission: 'admin.lists' },
    { label: 'Request types', href: '/admin/request-types', icon: ListChecks, permission: 'admin.lists' },
    { label: 'Policies', href: '/admin/policies', icon: Timer, permission: 'admin.policies' },
    { label: 'Calendars', href: '/admin/calendars', icon: CalendarDays, permission: 'admin.policies' },
    { label: 'Audit trail', href: '/admin/audit', icon: ScrollText, permission: 'admin.audit' },
    { label: 'Outbox', href: '/admin/outbox', icon: Mails, permission: 'admin.outbox' },
    { label: 'Jobs', href: '/admin/jobs', icon: Activity, permission: 'admin.jobs' },
    { label: 'Firm settings', href: '/admin/settings', icon: Settings, permission: 'admin.settings' }
  ];
  const allowed = (modules: Gated[]) =>
    modules.filter(({ permission }) => !permission || grants[permission] !== undefined);
  return [
    { title: null, modules: allowed(work) },
    { title: 'Administration', modules: allowed(administration) }
  ].filter(({ modules }) => modules.length > 0);
}

/** What this person may make: the "New" menu. */
export function newItemsFor({ grants, firm }: Frame): { label: string; href: string; icon: Component }[] {
  const items: (Gated & { permission: Permission })[] = [
    { label: 'Lead', href: '/leads/new', icon: UserRoundPlus, permission: 'leads.create' },
    { label: capital(firm.clientWord), href: '/clients/new', icon: Users, permission: 'clients.create' },
    { label: 'Query', href: '/queries/new', icon: MessageCircleQuestionMark, permission: 'queries.create' },
    { label: 'Request', href: '/requests/new', icon: ClipboardList, permission: 'requests.create' },
    {
      label: 'Interaction',
      href: '/interactions/new',
      icon: MessagesSquare,
      permission: 'interactions.create'
    }
  ];
  return items.filter(({ permission }) => grants[permission] !== undefined);
}

/** True when the address is the module or inside it. */
export function isCurrent(href: string, pathname: string): boolean {
  return pathname === href || (href !== '/' && pathname.startsWith(`${href}/`));
}
