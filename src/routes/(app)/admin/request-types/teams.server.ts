import { error } from '@sveltejs/kit';

/** Teams that a type's requests may wait with, for those who look after types. */
export async function operationsTeams({ api, actor }: App.Locals) {
  if (!actor?.grants['admin.lists']) error(403, 'You may not change request types.');
  const teams = (await api.teams.list({ filter: { function: 'ops' } })).items;
  return { teams: teams.filter(({ active }) => active).map(({ id, name }) => ({ value: id, label: name })) };
}
