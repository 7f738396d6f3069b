import { acting, free, fresh, on, type Expectations } from './letters.ts';

// Of a colleague's view the one shared with the team: seen by its members, taken away by its head.
export const views: Expectations = {
  'views.list': free('o o o o', () => ({ filter: { module: 'leads' } })),
  'views.create': free('o o o o', () => ({
    module: 'queries',
    name: `View ${fresh()}`,
    params: 'status=open'
  })),
  'views.update': on('view', 'ofnn ofnn ofnn ofnn', acting({ version: 1, params: 'status=wip' })),
  'views.share': on('view', 'ofnn ofnn ofnn ofnn', acting({ version: 1, teamId: null })),
  'views.move': on('view', 'ofnn ofnn ofnn ofnn', acting({ to: 0 })),
  'views.remove': on('view', 'ofnn ofnn oonn oonn', acting({ version: 1 }))
};
